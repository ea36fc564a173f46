package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.Future;
import io.sluice.protocol.CloseCode;
import io.sluice.relay.Outlet;
import org.jspecify.annotations.Nullable;

/**
 * The way of encoded records to one socket: what the socket does not take at once is copied, so
 * that a slow socket never pins a segment of the window (ARCHITECTURE, "Memory"). Where nothing
 * waits before them and nothing stands between, they are sent by a {@link DirectSend}; all else
 * goes the way of the pipeline. Event-loop thread only.
 */
final class SocketOutlet implements Outlet {
  /** Whose socket it is. */
  interface Owner {
    /** Whether records may be written. */
    boolean isOpen();

    /** The socket, which had not taken all bytes at once, has taken them now. */
    void onClear();

    /** Closes a peer that will hardly notice. */
    void abandon(CloseCode code, String reason);
  }

  private final Owner owner;
  private final ChannelHandlerContext ctx;
  private final TransportCounters counters;
  private final @Nullable DirectSend direct;
  private boolean awaitingClear;

  SocketOutlet(Owner owner, ChannelHandlerContext ctx, TransportCounters counters) {
    this.owner = owner;
    this.ctx = ctx;
    this.counters = counters;
    this.direct = DirectSend.to(ctx.channel());
  }

  @Override
  public boolean isClear() {
    boolean clear = owner.isOpen() && heldBytes() == 0;
    if (!clear) {
      tellWhenClear();
    }
    return clear;
  }

  @Override
  public void write(ByteBuf frames, int index, int length) {
    if (!owner.isOpen()) {
      return;
    }
    counters.bytesOut.add(length);
    if (direct != null && frames.hasMemoryAddress() && isEmpty()) {
      int sent = direct.send(ctx.channel(), frames.memoryAddress() + index, length);
      if (sent < length) {
        ctx.write(copy(frames, index + sent, length - sent), ctx.voidPromise());
        tellWhenClear();
      }
    } else {
      writeToPipeline(frames.retainedSlice(index, length));
    }
  }

  /**
   * Whether the socket is there and nothing waits for it. One that was closed a moment ago has no
   * buffer any more, and its number may be another's.
   */
  private boolean isEmpty() {
    ChannelOutboundBuffer outbound = ctx.channel().unsafe().outboundBuffer();
    return outbound != null && outbound.totalPendingWriteBytes() == 0;
  }

  private void writeToPipeline(ByteBuf frames) {
    ctx.writeAndFlush(frames, ctx.voidPromise());
    ChannelOutboundBuffer outbound = ctx.channel().unsafe().outboundBuffer();
    if (outbound != null && !outbound.isEmpty()) {
      if (outbound.current() == frames) {
        ByteBuf rest = copy(frames, frames.readerIndex(), frames.readableBytes());
        outbound.remove(); // releases frames, and with it the segment
        ctx.write(rest, ctx.voidPromise());
      }
      tellWhenClear();
    }
  }

  private ByteBuf copy(ByteBuf frames, int index, int length) {
    return ctx.alloc().directBuffer(length).writeBytes(frames, index, length);
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
    owner.abandon(CloseCode.STALLED, reason);
  }

  @Override
  public void closeFailed(Throwable cause) {
    ctx.pipeline().fireExceptionCaught(cause);
  }

  /** Calls {@link Owner#onClear} once all that waits for the socket now is written. */
  private void tellWhenClear() {
    if (awaitingClear || !ctx.channel().isActive()) {
      return;
    }
    awaitingClear = true;
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(this::onWritten);
  }

  /** In a task of its own: Netty counts a write as pending until its listeners have returned. */
  private void onWritten(Future<?> written) {
    if (written.isSuccess()) {
      ctx.channel().eventLoop().execute(this::lookWhetherClear);
    }
  }

  private void lookWhetherClear() {
    awaitingClear = false;
    if (!owner.isOpen()) {
      return;
    }
    if (heldBytes() > 0) {
      tellWhenClear();
    } else {
      owner.onClear();
    }
  }
}
