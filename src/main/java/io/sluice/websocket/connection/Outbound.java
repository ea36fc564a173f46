package io.sluice.websocket.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.websocket.frame.FrameWriter;
import io.sluice.websocket.frame.Masking;
import io.sluice.websocket.frame.MessageExtension;
import io.sluice.websocket.frame.Opcode;
import java.util.function.IntSupplier;

/** Frames what this side says and hands it to the listener. */
abstract sealed class Outbound {
  final ByteBufAllocator allocator;
  final ConnectionListener listener;

  private Outbound(ByteBufAllocator allocator, ConnectionListener listener) {
    this.allocator = allocator;
    this.listener = listener;
  }

  /** Sends a whole message in one frame; {@code payload} is handed over. */
  final void message(Opcode opcode, ByteBuf payload, MessageExtension extension) {
    if (extension.reservedBits() == 0) {
      frame(opcode, 0, payload);
      return;
    }
    ByteBuf encoded = allocator.buffer();
    int bits;
    try {
      bits = extension.encode(payload, encoded);
    } catch (RuntimeException e) {
      payload.release();
      encoded.release();
      throw e;
    }
    if (bits == 0) {
      encoded.release();
      frame(opcode, 0, payload);
    } else {
      payload.release();
      frame(opcode, bits, encoded);
    }
  }

  /** Sends a control frame; {@code payload} stays the caller's. */
  final void control(Opcode opcode, ByteBuf payload) {
    frame(opcode, 0, payload.retainedSlice());
  }

  /** Sends one frame; {@code payload} is handed over. */
  abstract void frame(Opcode opcode, int reservedBits, ByteBuf payload);

  /** The server's way: payload goes out as it is. */
  static final class Unmasked extends Outbound {
    /** Up to here one copy costs less than a second buffer on its way through a socket. */
    private static final int COPIED_BYTES = 1024;

    Unmasked(ByteBufAllocator allocator, ConnectionListener listener) {
      super(allocator, listener);
    }

    @Override
    void frame(Opcode opcode, int reservedBits, ByteBuf payload) {
      int length = payload.readableBytes();
      boolean copied = length <= COPIED_BYTES;
      ByteBuf out = allocator.buffer(FrameWriter.headerBytes(length) + (copied ? length : 0));
      FrameWriter.writeHeader(out, opcode, true, reservedBits, length);
      if (copied) {
        out.writeBytes(payload);
        payload.release();
        listener.send(out);
      } else {
        listener.send(allocator.compositeBuffer(2).addComponents(true, out, payload));
      }
    }
  }

  /** The client's way: payload is copied, because masking changes it. */
  static final class Masked extends Outbound {
    private final IntSupplier maskKeys;

    Masked(ByteBufAllocator allocator, ConnectionListener listener, IntSupplier maskKeys) {
      super(allocator, listener);
      this.maskKeys = maskKeys;
    }

    @Override
    void frame(Opcode opcode, int reservedBits, ByteBuf payload) {
      int length = payload.readableBytes();
      int key = maskKeys.getAsInt();
      ByteBuf out = allocator.buffer(FrameWriter.headerBytes(length) + Integer.BYTES + length);
      FrameWriter.writeMaskedHeader(out, opcode, true, reservedBits, length, key);
      int start = out.writerIndex();
      out.writeBytes(payload);
      payload.release();
      Masking.apply(out, start, length, key);
      listener.send(out);
    }
  }
}
