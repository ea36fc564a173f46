package io.sluice.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpServerCodec;
import io.sluice.logging.LogKeys;
import io.sluice.websocket.handshake.UpgradeAnswer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What makes WebSockets of the channels of an HTTP server: one per process. Any thread. */
public final class WebSocketTransport {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketTransport.class);
  private static final int FORBIDDEN = 403;

  private final TransportSettings settings;
  private final Connections connections;
  private final Endpoints endpoints;
  private final TransportCounters counters;
  private final AtomicLong nextConnection = new AtomicLong();
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
    this.counters = connections.counters();
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
   * A request for a WebSocket was refused. A page's origin is worth a warning: the browser shows
   * its author nothing but a number. What else the client offered is not told, for it may be a
   * credential.
   *
   * @param path what was asked for, without its query
   * @param origin what the request says it comes from; {@code null} where it says nothing
   */
  void onRefused(UpgradeAnswer answer, String path, @Nullable String origin) {
    counters.refused.increment();
    if (!(answer instanceof UpgradeAnswer.Refused refused)) {
      return;
    }
    if (origin != null && refused.status() == FORBIDDEN) {
      LOG.atWarn()
          .addKeyValue(LogKeys.ORIGIN, origin)
          .log("Refused a page: its origin is not listed in sluice.websocket.allowed-origins.");
    } else {
      LOG.atInfo()
          .addKeyValue(LogKeys.STATUS, refused.status())
          .addKeyValue(LogKeys.PATH, path)
          .log("Refused a request for a WebSocket: {}", refused.detail());
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
