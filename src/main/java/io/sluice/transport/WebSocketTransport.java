package io.sluice.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.sluice.logging.LogKeys;
import io.sluice.session.ExistingChannels;
import io.sluice.websocket.handshake.OriginPolicy;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What serves clients on the connections of an HTTP server, over WebSockets and plain HTTP: one per
 * process. Any thread.
 */
public final class WebSocketTransport {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketTransport.class);
  private static final int FORBIDDEN = 403;

  private final TransportSettings settings;
  private final Connections connections;
  private final Endpoints endpoints;
  private final ChannelLookup lookup;
  private final TransportCounters counters;
  private final OriginPolicy origins;
  private final AtomicLong nextConnection = new AtomicLong();
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
    this.counters = connections.counters();
    this.instance = instance;
    this.origins = new OriginPolicy(settings.allowedOrigins());
    this.lookup = new ChannelLookup(channels, settings.handshakeTimeout(), this::isDraining);
    this.endpoints = new Endpoints(this, settings, sessions);
  }

  /**
   * Serves our addresses on a connection of an HTTP/1.1 server, whose pipeline has just been built,
   * where they are not served yet. Its event loop.
   *
   * @param before the name of the handler that takes all other requests
   */
  public void install(Channel channel, String before) {
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.get(HttpServerCodec.class) != null
        && pipeline.context(before) != null
        && pipeline.context(RouteHandler.class) == null) {
      pipeline.addBefore(before, RouteHandler.NAME, routes(channel));
    }
  }

  /** The port is open: makes ready, in the background, what costs time at its first use. */
  public void onListening() {
    DirectSend.prepare();
  }

  /**
   * Serves our addresses on every connection that an HTTP/1.1 server without TLS accepts on {@code
   * listener}; the server's own pipeline is built where it is needed. Its event loop, before it is
   * bound.
   *
   * @param codecs make the codec of a connection
   * @param theirCodec the name of the codec that the server puts into a pipeline
   */
  public void installAtAccept(
      Channel listener, Supplier<HttpServerCodec> codecs, String theirCodec) {
    listener
        .pipeline()
        .addLast(
            "sluice-accepted",
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext ctx, Object accepted) {
                if (accepted instanceof Channel connection) {
                  connection
                      .pipeline()
                      .addLast(
                          new ServerOnDemand(codecs, WebSocketTransport.this::routes, theirCodec));
                }
                ctx.fireChannelRead(accepted);
              }
            });
  }

  /** What takes the requests of {@code channel} that are ours. */
  private RouteHandler routes(Channel channel) {
    channel.config().setRecvByteBufAllocator(loop(channel).receiveBuffers());
    return new RouteHandler(endpoints::route, settings.handshakeTimeout());
  }

  /** From now on refuses new clients with 503. */
  public void refuseNew() {
    draining = true;
  }

  /** What has been done. */
  public TransportCounters counters() {
    return counters;
  }

  /** A request for a WebSocket was refused. */
  void onUpgradeRefused(HttpAnswer answer, RequestHead request) {
    counters.refused.increment();
    tellRefused(answer, request, "Refused a request for a WebSocket: {}");
  }

  /** A request about a channel over plain HTTP was refused. */
  void onRequestRefused(HttpAnswer answer, RequestHead request) {
    counters.httpRefused.increment();
    tellRefused(answer, request, "Refused a request about a channel: {}");
  }

  /**
   * A page's origin is worth a warning: the browser shows its author nothing but a number. What
   * else the client offered is not told, for it may be a credential.
   */
  private void tellRefused(HttpAnswer answer, RequestHead request, String sentence) {
    String origin = request.first("Origin");
    if (origin != null && answer.status() == FORBIDDEN && !isAllowed(request)) {
      LOG.atWarn()
          .addKeyValue(LogKeys.ORIGIN, origin)
          .addKeyValue(LogKeys.STATUS, answer.status())
          .addKeyValue(LogKeys.PATH, request.path())
          .log("Refused a page: its origin is not listed in sluice.websocket.allowed-origins.");
    } else {
      LOG.atInfo()
          .addKeyValue(LogKeys.STATUS, answer.status())
          .addKeyValue(LogKeys.PATH, request.path())
          .log(sentence, answer.why());
    }
  }

  /** A page that is listed may still be forbidden what it asks for. */
  private boolean isAllowed(RequestHead request) {
    String host = request.first("Host");
    return origins.allows(request.headers().all("Origin"), host == null ? "" : host);
  }

  /** Whether new clients are refused because this instance goes away. */
  public boolean isDraining() {
    return draining;
  }

  TransportSettings settings() {
    return settings;
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

  EventStream stream(ChannelHandlerContext ctx, SessionFactory sessions, ChannelRequest request) {
    return new EventStream(
        ctx, nextId(), settings, counters, loop(ctx.channel()), sessions, request);
  }
}
