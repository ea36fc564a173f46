package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.websocket.frame.FrameWriter;
import io.sluice.websocket.frame.Opcode;
import java.util.function.Consumer;

/** Writes whole, unmasked frames whose payload is made in place. */
final class Frames {
  private static final int MAX_HEADER_BYTES = 10;

  /** 125 bytes of a control frame's payload (RFC 6455 §5.5), less the code. */
  private static final int MAX_REASON_BYTES = 123;

  private Frames() {}

  static void header(ByteBuf out, Opcode opcode, int payloadBytes) {
    FrameWriter.writeHeader(out, opcode, payloadBytes);
  }

  /** Appends a close frame; a reason, in ASCII, that is too long for one is cut. */
  static void close(ByteBuf out, int code, String reason) {
    int length = Math.min(reason.length(), MAX_REASON_BYTES);
    header(out, Opcode.CLOSE, Short.BYTES + length);
    out.writeShort(code);
    ByteBufUtil.writeAscii(out, reason.substring(0, length));
  }

  /** Appends a frame whose payload {@code message} writes: its length is only known afterwards. */
  static void message(ByteBuf out, Opcode opcode, Consumer<ByteBuf> message) {
    int start = out.writerIndex();
    out.ensureWritable(MAX_HEADER_BYTES);
    out.writerIndex(start + MAX_HEADER_BYTES);
    message.accept(out);
    int payloadBytes = out.writerIndex() - start - MAX_HEADER_BYTES;
    int headerBytes = FrameWriter.headerBytes(payloadBytes);
    out.setBytes(start + headerBytes, out, start + MAX_HEADER_BYTES, payloadBytes);
    out.writerIndex(start);
    header(out, opcode, payloadBytes);
    out.writerIndex(start + headerBytes + payloadBytes);
  }
}
