package io.sluice.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Passes over bytes that need no look, eight at a time. Stateless: any thread. */
final class Words {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  private Words() {}

  /** Where the first byte of {@code bytes[from, to)} is that is not ASCII; {@code to} for none. */
  static int afterAscii(byte[] bytes, int from, int to) {
    int at = from;
    for (int last = to - Long.BYTES; at <= last; at += Long.BYTES) {
      long found = word(bytes, at) & HIGH_BITS;
      if (found != 0) {
        return at + first(found);
      }
    }
    while (at < to && bytes[at] >= 0) {
      at++;
    }
    return at;
  }

  /**
   * Where the first byte of {@code bytes[from, to)} is that ends a string in JSON, has to be
   * escaped in one, or is not ASCII; {@code to} for none.
   */
  static int afterPlain(byte[] bytes, int from, int to) {
    int at = from;
    for (int last = to - Long.BYTES; at <= last; at += Long.BYTES) {
      long word = word(bytes, at);
      long found = (escaped(word) | word) & HIGH_BITS;
      if (found != 0) {
        return at + first(found);
      }
    }
    while (at < to && bytes[at] >= 0 && !isEscaped(bytes[at])) {
      at++;
    }
    return at;
  }

  /**
   * Where the first byte of {@code bytes[from, to)} is that has to be escaped; {@code to} for none.
   */
  static int afterUnescaped(byte[] bytes, int from, int to) {
    int at = from;
    for (int last = to - Long.BYTES; at <= last; at += Long.BYTES) {
      long found = escaped(word(bytes, at)) & HIGH_BITS;
      if (found != 0) {
        return at + first(found);
      }
    }
    while (at < to && !isEscaped(bytes[at])) {
      at++;
    }
    return at;
  }

  private static boolean isEscaped(byte b) {
    return b >= 0 && b < 0x20 || b == '"' || b == '\\';
  }

  /**
   * The high bit of the first byte that has to be escaped, and no lower one; those of later bytes
   * say nothing, for a subtraction may have borrowed from them.
   */
  private static long escaped(long word) {
    long quote = word ^ '"' * ONES;
    long backslash = word ^ '\\' * ONES;
    return (word - 0x20 * ONES) & ~word | (quote - ONES) & ~quote | (backslash - ONES) & ~backslash;
  }

  private static long word(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at);
  }

  /** The byte of the lowest bit: the first in memory, whatever the machine. */
  private static int first(long found) {
    return Long.numberOfTrailingZeros(found) >>> 3;
  }
}
