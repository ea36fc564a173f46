package io.sluice.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpServerCodec;
import io.sluice.websocket.handshake.UpgradeAnswer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What makes WebSockets of the channels of an HTTP server: one per process. Any thread. */
public final class WebSocketTransport {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketTransport.class);
  private static final int FORBIDDEN = 403;
  private static final int MAX_SHOWN = 100;
  private static final long ONE_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final TransportSettings settings;
  private final Connections connections;
  private final Endpoints endpoints;
  private final TransportCounters counters = new TransportCounters();
  private final AtomicLong nextConnection = new AtomicLong();
  private final AtomicLong lastOriginLine = new AtomicLong(System.nanoTime() - ONE_SECOND);
  private final String instance;
  private volatile boolean draining;

  /**
   * @param instance the random name of this process; connections are numbered within it
   */
  public WebSocketTransport(
      TransportSettings settings,
      String instance,
      Connections connections,
      SessionFactory sessions) {
    this.settings = settings;
    this.connections = connections;
    this.instance = instance;
    this.endpoints = new Endpoints(settings, sessions);
  }

  /**
   * Serves WebSockets on a connection of an HTTP/1.1 server, whose pipeline has just been built.
   * Its event loop.
   *
   * @param before the name of the handler that takes the requests which are not for a WebSocket
   */
  public void install(Channel channel, String before) {
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.get(HttpServerCodec.class) != null && pipeline.context(before) != null) {
      pipeline.addBefore(before, "sluice-upgrade", new UpgradeHandler(this));
    }
  }

  /** From now on refuses new WebSockets with 503. */
  public void refuseNew() {
    draining = true;
  }

  /** What has been done. */
  public TransportCounters counters() {
    return counters;
  }

  /**
   * A request for a WebSocket was refused. A page's origin is worth a line: the browser shows its
   * author nothing but a number. At most one line a second, whoever asks.
   *
   * @param origin what the request says it comes from; {@code null} where it says nothing
   */
  void onRefused(UpgradeAnswer answer, @Nullable String origin) {
    counters.refused.increment();
    if (origin == null
        || !(answer instanceof UpgradeAnswer.Refused refused)
        || refused.status() != FORBIDDEN) {
      return;
    }
    long now = System.nanoTime();
    long last = lastOriginLine.get();
    if (now - last >= ONE_SECOND && lastOriginLine.compareAndSet(last, now)) {
      LOG.warn(
          "Refused a page of {}: it is not listed in sluice.websocket.allowed-origins.",
          origin.length() <= MAX_SHOWN ? origin : origin.substring(0, MAX_SHOWN) + "…");
    }
  }

  /** Whether new WebSockets are refused because this instance goes away. */
  public boolean isDraining() {
    return draining;
  }

  TransportSettings settings() {
    return settings;
  }

  Endpoints endpoints() {
    return endpoints;
  }

  WebSocketConnection connection(ChannelHandlerContext ctx, Endpoint.Factory endpoint) {
    EventLoop eventLoop = ctx.channel().eventLoop();
    return new WebSocketConnection(
        ctx,
        instance + "-" + nextConnection.incrementAndGet(),
        settings,
        counters,
        connections.on(eventLoop),
        endpoint);
  }
}
