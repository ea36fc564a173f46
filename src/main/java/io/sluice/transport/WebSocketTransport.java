package io.sluice.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.sluice.session.ExistingChannels;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What serves clients on the connections of an HTTP server, over WebSockets and plain HTTP: one per
 * process. Any thread.
 */
public final class WebSocketTransport {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketTransport.class);
  private static final int FORBIDDEN = 403;
  private static final int MAX_SHOWN = 100;
  private static final long ONE_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final TransportSettings settings;
  private final Connections connections;
  private final Endpoints endpoints;
  private final ChannelLookup lookup;
  private final TransportCounters counters = new TransportCounters();
  private final AtomicLong nextConnection = new AtomicLong();
  private final AtomicLong lastOriginLine = new AtomicLong(System.nanoTime() - ONE_SECOND);
  private final String instance;
  private volatile boolean draining;

  /**
   * @param instance the random name of this process; connections are numbered within it
   * @param channels where requests for one channel look whether it is there
   */
  public WebSocketTransport(
      TransportSettings settings,
      String instance,
      Connections connections,
      SessionFactory sessions,
      ExistingChannels channels) {
    this.settings = settings;
    this.connections = connections;
    this.instance = instance;
    this.lookup = new ChannelLookup(channels, settings.handshakeTimeout());
    this.endpoints = new Endpoints(this, settings, sessions);
  }

  /**
   * Serves our addresses on a connection of an HTTP/1.1 server, whose pipeline has just been built.
   * Its event loop.
   *
   * @param before the name of the handler that takes all other requests
   */
  public void install(Channel channel, String before) {
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.get(HttpServerCodec.class) != null && pipeline.context(before) != null) {
      pipeline.addBefore(before, "sluice-routes", new RouteHandler(this));
    }
  }

  /** From now on refuses new clients with 503. */
  public void refuseNew() {
    draining = true;
  }

  /** What has been done. */
  public TransportCounters counters() {
    return counters;
  }

  /** A request for a WebSocket was refused with {@code status}. */
  void onUpgradeRefused(int status, RequestHead request) {
    counters.refused.increment();
    onOriginRefused(status, request);
  }

  /**
   * A page may have been refused: its origin is worth a line, for the browser shows its author
   * nothing but a number. At most one line a second, whoever asks.
   */
  void onOriginRefused(int status, RequestHead request) {
    String origin = request.first("Origin");
    if (origin == null || status != FORBIDDEN) {
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

  /** Whether new clients are refused because this instance goes away. */
  public boolean isDraining() {
    return draining;
  }

  TransportSettings settings() {
    return settings;
  }

  Endpoints endpoints() {
    return endpoints;
  }

  ChannelLookup lookup() {
    return lookup;
  }

  /** The connections of the same event loop. */
  LoopConnections loop(Channel channel) {
    return connections.on(channel.eventLoop());
  }

  /** What the next connection is called in logs and in {@code welcome}. */
  String nextId() {
    return instance + "-" + nextConnection.incrementAndGet();
  }

  WebSocketConnection connection(ChannelHandlerContext ctx, Endpoint.Factory endpoint) {
    return new WebSocketConnection(
        ctx, nextId(), settings, counters, loop(ctx.channel()), endpoint);
  }

  EventStream stream(
      ChannelHandlerContext ctx, SessionFactory sessions, ChannelRequest request) {
    return new EventStream(
        ctx, nextId(), settings, counters, loop(ctx.channel()), sessions, request);
  }
}
