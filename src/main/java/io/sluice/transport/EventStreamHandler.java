package io.sluice.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hands what a channel tells to its {@link EventStream}. What a client still sends means nothing:
 * the stream is the connection's last answer.
 */
final class EventStreamHandler extends ChannelInboundHandlerAdapter {
  private final Function<ChannelHandlerContext, EventStream> streams;

  /** The stream; null until this stands in a pipeline. */
  private @Nullable EventStream stream;

  EventStreamHandler(Function<ChannelHandlerContext, EventStream> streams) {
    this.streams = streams;
  }

  /** The stream, once this stands in a pipeline. */
  EventStream stream() {
    if (stream == null) {
      throw new IllegalStateException(
          "The handler of an event stream was used before it stood in a pipeline.");
    }
    return stream;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    stream = streams.apply(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stream().onChannelClosed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    stream().onChannelFailed(cause);
  }
}
