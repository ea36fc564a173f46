package io.sluice.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands where the HTTP server's own handlers would, on a connection without TLS, and has the
 * server put them there for the first request that is not ours. Most connections ask for nothing
 * but a WebSocket; the server would keep some 700 bytes of each as long as it lives. Event-loop
 * thread only.
 *
 * <pre>
 * codec, routes, this                              from the connection's first moment
 * codec, routes, what the server has put there     from its first request that is not ours
 * the handler that a route left it to              once it was upgraded, from either
 * </pre>
 */
final class ServerOnDemand extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ServerOnDemand.class);

  private final Supplier<HttpServerCodec> codecs;
  private final Function<Channel, RouteHandler> routes;

  private final String theirCodec;

  /**
   * Puts the server's handlers into a pipeline; null before this stands in one, and once it has.
   */
  private @Nullable ChannelHandler server;

  /**
   * @param codecs make the codec of a connection
   * @param routes make what takes its requests that are ours
   * @param theirCodec what the server calls the codec that it brings along
   */
  ServerOnDemand(
      Supplier<HttpServerCodec> codecs, Function<Channel, RouteHandler> routes, String theirCodec) {
    this.codecs = codecs;
    this.routes = routes;
    this.theirCodec = theirCodec;
  }

  /** The connection is registered, and the server's initializer, behind this, has not run yet. */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ChannelPipeline pipeline = ctx.pipeline();
    try {
      // By request only, as the server itself reads: what the routes hold back must not be read.
      ctx.channel().config().setAutoRead(false);
      server = pipeline.removeLast();
      pipeline.addBefore(ctx.name(), "http", codecs.get());
      pipeline.addBefore(ctx.name(), RouteHandler.NAME, routes.apply(ctx.channel()));
    } catch (RuntimeException e) {
      ctx.close(); // there may be nobody else in the pipeline who would
      throw e;
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.read();
    ctx.fireChannelActive();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.read();
  }

  /** A request that has no route. */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ChannelPipeline pipeline = ctx.pipeline();
    ChannelHandler theirs = server;
    server = null;
    try {
      if (theirs == null) {
        throw new IllegalStateException("The server's handlers could not be put in before.");
      }
      pipeline.addLast(theirs);
      pipeline.remove(theirCodec);
      pipeline.remove(this);
    } catch (RuntimeException e) {
      ReferenceCountUtil.release(message);
      throw e; // and the connection ends
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) { // that is a peer which is gone
      LOG.error("A connection ends by our mistake, before it had a WebSocket.", cause);
    }
    ctx.close();
  }
}
