package io.sluice.testing;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One socket of a {@link Swarm}: says what it has to say as soon as it is connected, and remembers
 * the first thing that was wrong. Written on the swarm's thread, read by any.
 */
public abstract class SwarmSocket extends SimpleChannelInboundHandler<WebSocketFrame> {
  private final List<String> commands;
  private volatile @Nullable ChannelHandlerContext ctx;
  private volatile String fault = "";
  private volatile String closed = "";

  SwarmSocket(List<String> commands) {
    this.commands = List.copyOf(commands);
  }

  /** Whether the gateway has answered all that it said. */
  public abstract boolean isSubscribed();

  /** A message came; it is valid during the call. */
  abstract void onMessage(ByteBuf message);

  /**
   * The first thing that was wrong: a record that was not due, an error, a lost connection; else
   * empty.
   */
  public final String fault() {
    return fault;
  }

  /** How the connection ended; empty while it stands. */
  public final String closed() {
    return closed;
  }

  /** Takes no more bytes from its socket. */
  public final void stopReading() {
    autoRead(false);
  }

  /** Takes bytes again. */
  public final void goOnReading() {
    autoRead(true);
  }

  /** Drops the connection without a word. */
  public final void drop() {
    ChannelHandlerContext context = ctx;
    if (context != null) {
      context.channel().close();
    }
  }

  final void fault(String what) {
    if (fault.isEmpty()) {
      fault = what;
    }
  }

  private void autoRead(boolean on) {
    ChannelHandlerContext context = ctx;
    if (context != null) {
      context.channel().config().setAutoRead(on);
    }
  }

  @Override
  public final void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
  }

  @Override
  public final void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
      commands.forEach(command -> context.write(new TextWebSocketFrame(command)));
      context.flush();
    }
  }

  @Override
  protected final void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
    if (frame instanceof CloseWebSocketFrame close) {
      closed = close.statusCode() + " " + close.reasonText();
    } else {
      onMessage(frame.content());
    }
  }

  @Override
  public final void channelInactive(ChannelHandlerContext context) {
    if (closed.isEmpty()) {
      closed = "lost";
    }
  }

  @Override
  public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fault(cause.toString());
    context.close();
  }

  @Override
  public String toString() {
    return "fault '" + fault + "', closed '" + closed + "'";
  }
}
