package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.sluice.websocket.handshake.UpgradeAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hands what a channel tells to its {@link WebSocketConnection}: the one handler behind an upgraded
 * channel. It takes its place before the request is answered, and is told the answer.
 */
final class WebSocketHandler extends ChannelInboundHandlerAdapter {
  /** The connection; null until the conversation has begun. */
  private @Nullable WebSocketConnection connection;

  /** Bytes that came in the same segment as the request; null once that is answered. */
  private @Nullable List<ByteBuf> early = new ArrayList<>(0);

  /** Where this stands; null before it does. */
  private @Nullable ChannelHandlerContext ctx;

  /** Whether an answer still finds a peer. */
  boolean isAwaited() {
    return early != null && context().channel().isActive();
  }

  /** Writes the 101, in one flush with the greeting: the conversation begins. */
  void accept(
      UpgradeAnswer.Accepted answer,
      Function<ChannelHandlerContext, WebSocketConnection> connections) {
    context().write(HttpAnswer.of(answer).bytes(context().alloc()), context().voidPromise());
    open(connections);
    context().flush();
  }

  /** Writes a refusal, with which the connection ends. */
  void refuse(HttpAnswer answer) {
    drop(takeEarly());
    context().write(answer.closing().bytes(context().alloc()), context().voidPromise());
    Departure.begin(context());
  }

  /** The conversation begins. */
  void open(Function<ChannelHandlerContext, WebSocketConnection> connections) {
    WebSocketConnection opened = connections.apply(context());
    connection = opened;
    context().channel().config().setAutoRead(true); // HTTP handlers had asked for each read
    List<ByteBuf> arrived = takeEarly();
    opened.open();
    arrived.forEach(opened::onBytes);
    if (!arrived.isEmpty()) {
      drop(arrived);
      opened.onReadComplete();
    }
  }

  private ChannelHandlerContext context() {
    if (ctx == null) {
      throw new IllegalStateException(
          "The handler of a WebSocket was used before it stood in a pipeline.");
    }
    return ctx;
  }

  private List<ByteBuf> takeEarly() {
    List<ByteBuf> arrived = early == null ? List.of() : early;
    early = null;
    return arrived;
  }

  private static void drop(List<ByteBuf> arrived) {
    arrived.forEach(ByteBuf::release);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    drop(takeEarly());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof ByteBuf bytes) {
        if (connection != null) {
          connection.onBytes(bytes);
        } else if (early != null) {
          early.add(bytes.retain());
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (connection != null) {
      connection.onReadComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (connection != null) {
      connection.onWritabilityChanged();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (connection != null) {
      connection.onChannelClosed();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (connection != null) {
      connection.onChannelFailed(cause);
    } else {
      context.close();
    }
  }
}
