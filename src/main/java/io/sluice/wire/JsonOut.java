package io.sluice.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Writes the parts of JSON text: strings, numbers, bytes. */
final class JsonOut {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private JsonOut() {}

  /** Writes {@code text} as it is; it must be ASCII. */
  static void raw(ByteBuf out, String text) {
    ByteBufUtil.writeAscii(out, text);
  }

  /** Writes a number. */
  static void number(ByteBuf out, long value) {
    if (value >= 0 && value < 10) {
      out.writeByte('0' + (int) value);
      return;
    }
    if (value == Long.MIN_VALUE) {
      raw(out, Long.toString(value));
      return;
    }
    long rest = value;
    if (rest < 0) {
      out.writeByte('-');
      rest = -rest;
    }
    int digits = 1;
    for (long power = 10; digits < 19 && rest >= power; power *= 10) {
      digits++;
    }
    out.ensureWritable(digits);
    int start = out.writerIndex();
    for (int i = digits - 1; i >= 0; i--) {
      out.setByte(start + i, '0' + (int) (rest % 10));
      rest /= 10;
    }
    out.writerIndex(start + digits);
  }

  /**
   * Writes a string with quotes and escapes. Lone surrogates become {@code ?}, as in every UTF-8
   * encoder.
   */
  static void string(ByteBuf out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    utf8(out, bytes, 0, bytes.length);
  }

  /** Writes valid UTF-8 as a string with quotes and escapes. */
  static void utf8(ByteBuf out, byte[] bytes, int from, int to) {
    out.writeByte('"');
    int plainFrom = from;
    int at = Words.afterUnescaped(bytes, from, to);
    while (at < to) {
      out.writeBytes(bytes, plainFrom, at - plainFrom);
      escaped(out, bytes[at]);
      plainFrom = at + 1;
      at = Words.afterUnescaped(bytes, plainFrom, to);
    }
    out.writeBytes(bytes, plainFrom, to - plainFrom);
    out.writeByte('"');
  }

  /** Writes bytes as a base64 string (RFC 4648 §4, padded). */
  static void base64(ByteBuf out, ByteBuffer bytes) {
    out.writeByte('"');
    out.writeBytes(Base64.getEncoder().encode(bytes.duplicate()));
    out.writeByte('"');
  }

  /**
   * Writes bytes of a key or header: a string where they are UTF-8, else {@code {"base64":"…"}}.
   */
  static void bytesOrText(ByteBuf out, ByteBuffer bytes) {
    byte[] array = array(bytes);
    int from = arrayFrom(bytes);
    int to = from + bytes.remaining();
    if (Utf8.isValid(array, from, to)) {
      utf8(out, array, from, to);
    } else {
      raw(out, "{\"base64\":");
      base64(out, bytes);
      out.writeByte('}');
    }
  }

  /** The array behind {@code bytes}, or a copy where there is none to be had. */
  static byte[] array(ByteBuffer bytes) {
    if (bytes.hasArray()) {
      return bytes.array();
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(bytes.position(), copy);
    return copy;
  }

  /** Where the bytes begin in {@link #array}. */
  static int arrayFrom(ByteBuffer bytes) {
    return bytes.hasArray() ? bytes.arrayOffset() + bytes.position() : 0;
  }

  private static void escaped(ByteBuf out, byte b) {
    out.writeByte('\\');
    switch (b) {
      case '"', '\\' -> out.writeByte(b);
      case '\n' -> out.writeByte('n');
      case '\r' -> out.writeByte('r');
      case '\t' -> out.writeByte('t');
      case '\b' -> out.writeByte('b');
      case '\f' -> out.writeByte('f');
      default -> {
        raw(out, "u00");
        out.writeByte(HEX[b >> 4]);
        out.writeByte(HEX[b & 15]);
      }
    }
  }
}
