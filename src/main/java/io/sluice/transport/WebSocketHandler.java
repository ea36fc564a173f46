package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hands what a channel tells to its {@link WebSocketConnection}: the one handler behind an upgraded
 * channel.
 */
final class WebSocketHandler extends ChannelInboundHandlerAdapter {
  private final Function<ChannelHandlerContext, WebSocketConnection> connections;

  /** The connection; null until this stands in a pipeline. */
  private @Nullable WebSocketConnection connection;

  /**
   * Bytes that came in the same segment as the request, while the HTTP codec that hands them on
   * still stood in the way of an answer; null once the conversation has begun.
   */
  private @Nullable List<ByteBuf> early = new ArrayList<>(1);

  WebSocketHandler(Function<ChannelHandlerContext, WebSocketConnection> connections) {
    this.connections = connections;
  }

  /** The connection, once this stands in a pipeline. */
  WebSocketConnection connection() {
    if (connection == null) {
      throw new IllegalStateException(
          "The handler of a WebSocket was used before it stood in a pipeline.");
    }
    return connection;
  }

  /** The 101 is written and nothing of HTTP is left in the pipeline: the conversation begins. */
  void open() {
    List<ByteBuf> arrived = early == null ? List.of() : early;
    early = null;
    connection().open();
    for (ByteBuf bytes : arrived) {
      connection().onBytes(bytes);
      bytes.release();
    }
    if (!arrived.isEmpty()) {
      connection().onReadComplete();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (early != null) {
      early.forEach(ByteBuf::release);
      early = null;
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    connection = connections.apply(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof ByteBuf bytes) {
        if (early == null) {
          connection().onBytes(bytes);
        } else {
          early.add(bytes.retain());
        }
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
