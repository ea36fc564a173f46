package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.sluice.websocket.frame.FrameWriter;
import io.sluice.websocket.frame.Opcode;
import java.util.function.Consumer;

/** Writes whole, unmasked frames whose payload is made in place. */
final class Frames {
  private static final int MAX_HEADER_BYTES = 10;

  private Frames() {}

  static void header(ByteBuf out, Opcode opcode, int payloadBytes) {
    FrameWriter.writeHeader(out, opcode, payloadBytes);
  }

  /**
   * Appends a text frame whose payload {@code message} writes: its length is only known afterwards.
   */
  static void text(ByteBuf out, Consumer<ByteBuf> message) {
    int start = out.writerIndex();
    out.ensureWritable(MAX_HEADER_BYTES);
    out.writerIndex(start + MAX_HEADER_BYTES);
    message.accept(out);
    int payloadBytes = out.writerIndex() - start - MAX_HEADER_BYTES;
    int headerBytes = FrameWriter.headerBytes(payloadBytes);
    out.setBytes(start + headerBytes, out, start + MAX_HEADER_BYTES, payloadBytes);
    out.writerIndex(start);
    header(out, Opcode.TEXT, payloadBytes);
    out.writerIndex(start + headerBytes + payloadBytes);
  }
}
