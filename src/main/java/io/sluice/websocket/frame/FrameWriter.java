package io.sluice.websocket.frame;

import io.netty.buffer.ByteBuf;

/** Writes frame headers, with the length in the fewest bytes (RFC 6455 §5.2). */
public final class FrameWriter {
  private FrameWriter() {}

  /** Bytes of an unmasked header before {@code payloadBytes} of payload: 2, 4 or 10. */
  public static int headerBytes(int payloadBytes) {
    return payloadBytes < 126 ? 2 : payloadBytes < 0x1_0000 ? 4 : 10;
  }

  /**
   * Appends the header of a whole, unmasked message in one frame without reserved bits: what a
   * server sends.
   */
  public static void writeHeader(ByteBuf out, Opcode opcode, int payloadBytes) {
    writeHeader(out, opcode, true, 0, payloadBytes);
  }

  /**
   * Appends an unmasked header: what a server sends.
   *
   * @param reservedBits RSV1 to RSV3 as three bits, RSV1 the highest; only what an extension
   *     negotiated
   */
  public static void writeHeader(
      ByteBuf out, Opcode opcode, boolean fin, int reservedBits, int payloadBytes) {
    write(out, opcode, fin, reservedBits, payloadBytes, 0);
  }

  /**
   * Appends a masked header: what a client sends. The payload must follow, XORed with {@code
   * maskKey} ({@link Masking#apply}).
   */
  public static void writeMaskedHeader(
      ByteBuf out, Opcode opcode, boolean fin, int reservedBits, int payloadBytes, int maskKey) {
    write(out, opcode, fin, reservedBits, payloadBytes, 0x80);
    out.writeInt(maskKey);
  }

  private static void write(
      ByteBuf out, Opcode opcode, boolean fin, int reservedBits, int payloadBytes, int maskBit) {
    out.writeByte((fin ? 0x80 : 0) | (reservedBits << 4) | opcode.code());
    if (payloadBytes < 126) {
      out.writeByte(maskBit | payloadBytes);
    } else if (payloadBytes < 0x1_0000) {
      out.writeByte(maskBit | 126).writeShort(payloadBytes);
    } else {
      out.writeByte(maskBit | 127).writeLong(payloadBytes);
    }
  }
}
