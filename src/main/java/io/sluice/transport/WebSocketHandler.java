package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Hands what a channel tells to its {@link WebSocketConnection}: the one handler behind an upgraded channel. */
final class WebSocketHandler extends ChannelInboundHandlerAdapter {
  private final Function<ChannelHandlerContext, WebSocketConnection> connections;

  /** The connection; null until this stands in a pipeline. */
  private @Nullable WebSocketConnection connection;

  WebSocketHandler(Function<ChannelHandlerContext, WebSocketConnection> connections) {
    this.connections = connections;
  }

  /** The connection, once this stands in a pipeline. */
  WebSocketConnection connection() {
    if (connection == null) {
      throw new IllegalStateException("The handler of a WebSocket was used before it stood in a pipeline.");
    }
    return connection;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    connection = connections.apply(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof ByteBuf bytes) {
        connection().onBytes(bytes);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    connection().onReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    connection().onWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    connection().onChannelClosed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    connection().onChannelFailed(cause);
  }
}
