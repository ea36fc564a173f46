package io.sluice.testing;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.sluice.app.Sluice;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** A gateway inside of the test's own JVM, on a free port, with {@code /v1/echo}. */
public final class Gateway implements AutoCloseable {
  private final ApplicationContext context;
  private final int port;

  private Gateway(ApplicationContext context) {
    this.context = context;
    this.port = context.getBean(EmbeddedServer.class).getPort();
  }

  /** Starts one on {@code broker}. */
  public static Gateway start(Broker broker) {
    return start(broker, Map.of());
  }

  /** Starts one on {@code broker}, with settings by their full names. */
  public static Gateway start(Broker broker, Map<String, String> settings) {
    return new Gateway(Sluice.start(arguments(broker, -1, settings)));
  }

  static String[] arguments(Broker broker, int port, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>();
    all.put("micronaut.server.port", Integer.toString(port));
    all.put("kafka.bootstrap.servers", broker.bootstrapServers());
    all.put("sluice.websocket.echo-enabled", "true");
    all.putAll(settings);
    return all.entrySet().stream()
        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
        .toArray(String[]::new);
  }

  /** Where the protocol is spoken. */
  public URI ws() {
    return ws(port);
  }

  /** Where a channel is read and written by itself; {@code rest} is its name, and a query. */
  public URI channel(String rest) {
    return channel(port, rest);
  }

  static URI channel(int port, String rest) {
    return URI.create("http://127.0.0.1:" + port + "/v1/channels/" + rest);
  }

  static URI ws(int port) {
    return URI.create("ws://127.0.0.1:" + port + "/v1/ws");
  }

  /** One of its parts. */
  public <T> T part(Class<T> type) {
    return context.getBean(type);
  }

  /** Ends it without a drain. */
  @Override
  public void close() {
    context.close();
  }

  @Override
  public String toString() {
    return "gateway at " + ws();
  }
}
