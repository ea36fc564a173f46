package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.sluice.protocol.CloseCode;
import io.sluice.relay.Outlet;

/**
 * The way of encoded records to one socket: what the socket does not take at once is copied, so
 * that a slow socket never pins a segment of the window (ARCHITECTURE, "Memory"). Event-loop thread
 * only.
 */
final class SocketOutlet implements Outlet {
  private final WebSocketConnection socket;
  private final ChannelHandlerContext ctx;
  private final TransportCounters counters;

  SocketOutlet(WebSocketConnection socket, ChannelHandlerContext ctx, TransportCounters counters) {
    this.socket = socket;
    this.ctx = ctx;
    this.counters = counters;
  }

  @Override
  public boolean isClear() {
    boolean clear = socket.isOpen() && heldBytes() == 0;
    if (!clear) {
      socket.tellWhenClear();
    }
    return clear;
  }

  @Override
  public void write(ByteBuf frames) {
    if (!socket.isOpen()) {
      frames.release();
      return;
    }
    counters.bytesOut.add(frames.readableBytes());
    ctx.writeAndFlush(frames, ctx.voidPromise());
    ChannelOutboundBuffer outbound = ctx.channel().unsafe().outboundBuffer();
    if (outbound != null && !outbound.isEmpty()) {
      if (outbound.current() == frames) {
        ByteBuf rest = ctx.alloc().directBuffer(frames.readableBytes());
        rest.writeBytes(frames, frames.readerIndex(), frames.readableBytes());
        outbound.remove(); // releases frames, and with it the segment
        ctx.write(rest, ctx.voidPromise());
      }
      socket.tellWhenClear();
    }
  }

  @Override
  public ByteBufAllocator alloc() {
    return ctx.alloc();
  }

  @Override
  public int heldBytes() {
    ChannelOutboundBuffer outbound = ctx.channel().unsafe().outboundBuffer();
    return outbound == null
        ? 0
        : (int) Math.min(Integer.MAX_VALUE, outbound.totalPendingWriteBytes());
  }

  @Override
  public void closeStalled(String reason) {
    socket.abandon(CloseCode.STALLED, reason);
  }
}
