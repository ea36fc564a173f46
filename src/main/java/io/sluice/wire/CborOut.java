package io.sluice.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes the items of CBOR, each head in its shortest form (RFC 8949 §4.2.1). */
final class CborOut {
  private static final int FALSE = CborReader.SIMPLE_OR_FLOAT << 5 | CborReader.FALSE;
  private static final int TRUE = CborReader.SIMPLE_OR_FLOAT << 5 | CborReader.TRUE;
  private static final int NULL = CborReader.SIMPLE_OR_FLOAT << 5 | CborReader.NULL;

  private CborOut() {}

  /** Bytes of the head of an item with {@code argument}, which is not negative. */
  static int headBytes(long argument) {
    return argument < 24
        ? 1
        : argument < 0x100 ? 2 : argument < 0x1_0000 ? 3 : argument < 0x1_0000_0000L ? 5 : 9;
  }

  /** Writes the head of an item (§3): a number, or the length of what follows. */
  static void head(ByteBuf out, int major, long argument) {
    int kind = major << 5;
    switch (headBytes(argument)) {
      case 1 -> out.writeByte(kind | (int) argument);
      case 2 -> out.writeByte(kind | 24).writeByte((int) argument);
      case 3 -> out.writeByte(kind | 25).writeShort((int) argument);
      case 5 -> out.writeByte(kind | 26).writeInt((int) argument);
      default -> out.writeByte(kind | 27).writeLong(argument);
    }
  }

  static void number(ByteBuf out, long value) {
    if (value >= 0) {
      head(out, CborReader.UNSIGNED, value);
    } else {
      head(out, CborReader.NEGATIVE, -1 - value);
    }
  }

  /** Writes a text string. Lone surrogates become {@code ?}, as in every UTF-8 encoder. */
  static void text(ByteBuf out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    head(out, CborReader.TEXT, bytes.length);
    out.writeBytes(bytes);
  }

  /** Writes {@code text}, which must be ASCII, as a text string. */
  static void ascii(ByteBuf out, String text) {
    head(out, CborReader.TEXT, text.length());
    ByteBufUtil.writeAscii(out, text);
  }

  /** Writes characters, which must be ASCII, as a text string. */
  static void ascii(ByteBuf out, byte[] characters) {
    head(out, CborReader.TEXT, characters.length);
    out.writeBytes(characters);
  }

  /** Writes a byte string, or null; leaves {@code bytes} as they were. */
  static void bytesOrNull(ByteBuf out, @Nullable ByteBuffer bytes) {
    if (bytes == null) {
      nothing(out);
    } else {
      head(out, CborReader.BYTES, bytes.remaining());
      out.writeBytes(JsonOut.array(bytes), JsonOut.arrayFrom(bytes), bytes.remaining());
    }
  }

  static void flag(ByteBuf out, boolean value) {
    out.writeByte(value ? TRUE : FALSE);
  }

  static void nothing(ByteBuf out) {
    out.writeByte(NULL);
  }
}
