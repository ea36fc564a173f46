package io.sluice.testing;

import io.sluice.app.ProbedSluice;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A gateway in a process of its own, from the test's class path, which can be killed, frozen and
 * told to end.
 */
public final class GatewayProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Pattern READY =
      Pattern.compile("Sluice is ready after .*: https?://[^:]+:(\\d+) ");

  private final Broker broker;
  private final Map<String, String> settings;
  private final ChildProcess process;
  private final int port;

  private GatewayProcess(Broker broker, int wantedPort, Map<String, String> settings) {
    this(broker, settings, Map.of(), List.of(Gateway.arguments(broker, wantedPort, settings)));
  }

  private GatewayProcess(
      Broker broker,
      Map<String, String> settings,
      Map<String, String> environment,
      List<String> arguments) {
    this.broker = broker;
    this.settings = settings;
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ownFlags());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            ProbedSluice.class.getName()));
    command.addAll(arguments);
    process = ChildProcess.start("gateway", command, environment);
    Matcher ready = READY.matcher(process.awaitLine(line -> READY.matcher(line).find(), START));
    if (!ready.find()) {
      throw new IllegalStateException("The line that tells the port has none.");
    }
    port = Integer.parseInt(ready.group(1));
  }

  /** Starts one on a free port; returns when it serves. */
  public static GatewayProcess start(Broker broker, Map<String, String> settings) {
    return new GatewayProcess(broker, -1, settings);
  }

  /** Starts one on a free port with its defaults. */
  public static GatewayProcess start(Broker broker) {
    return start(broker, Map.of());
  }

  /** Starts one on a free port that is told everything by its environment. */
  public static GatewayProcess startByEnvironment(Broker broker, Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("MICRONAUT_SERVER_PORT", "-1");
    all.put("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
    return new GatewayProcess(broker, Map.of(), all, List.of());
  }

  /** Starts another like this one, which has ended, on the same port. */
  public GatewayProcess again() {
    return new GatewayProcess(broker, port, settings);
  }

  /** Flags that the build gives to every JVM, which tests run with too. */
  private static List<String> ownFlags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--") || flag.startsWith("-XX:+UseCompact"))
        .toList();
  }

  /** Where the protocol is spoken. */
  public URI ws() {
    return Gateway.ws(port);
  }

  /** Where a channel is read and written by itself; {@code rest} is its name, and a query. */
  public URI channel(String rest) {
    return Gateway.channel(port, rest);
  }

  /** Its number among the system's processes. */
  public long pid() {
    return process.pid();
  }

  /** SIGKILL; returns when it is gone. */
  public void kill() {
    process.kill();
  }

  /** SIGTERM; returns at once. */
  public void terminate() {
    process.terminate();
  }

  /** SIGSTOP: it stays, and does nothing. */
  public void freeze() {
    process.signal("STOP");
  }

  /** SIGCONT: it goes on. */
  public void thaw() {
    process.signal("CONT");
  }

  /** Waits for its end and returns the exit code. */
  public int awaitExit(Duration deadline) {
    return process.awaitExit(deadline);
  }

  /** The first line of its output that is {@code wanted}. */
  public String awaitLine(Predicate<String> wanted, Duration deadline) {
    return process.awaitLine(wanted, deadline);
  }

  /** What it has said so far. */
  public List<String> output() {
    return process.output();
  }

  /** Kills it. */
  @Override
  public void close() {
    process.close();
  }

  @Override
  public String toString() {
    return ws() + ", " + process;
  }
}
