package io.sluice.websocket.message;

import io.netty.buffer.ByteBuf;

/**
 * Checks that bytes are UTF-8 while they arrive, however they are cut, and fails at the first byte
 * that cannot be (RFC 3629 §4; RFC 6455 §8.1).
 *
 * <p>The second byte of a sequence decides about overlong forms, surrogates and what lies above
 * U+10FFFF: its legal range follows from the first byte and is kept as {@code lower} and {@code
 * upper}.
 */
public final class Utf8Check {
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  private int missing;
  private int lower = 0x80;
  private int upper = 0xBF;

  /**
   * Whether {@code length} bytes of {@code in} from {@code index} on may follow what was accepted
   * before.
   */
  public boolean accepts(ByteBuf in, int index, int length) {
    int end = index + length;
    int i = index;
    while (i < end) {
      if (missing == 0) {
        i = afterWhole(in, i, end);
        if (i == end) {
          return true;
        }
      }
      if (!accepts(in.getUnsignedByte(i++))) {
        return false;
      }
    }
    return true;
  }

  /** Whether what was accepted ends with a whole character. */
  public boolean isComplete() {
    return missing == 0;
  }

  /** Forgets what was accepted. */
  public void reset() {
    missing = 0;
    lower = 0x80;
    upper = 0xBF;
  }

  /** Past whole characters, as far as they can be seen to be right without keeping anything. */
  private static int afterWhole(ByteBuf in, int index, int end) {
    int i = index;
    int before;
    do {
      before = afterAscii(in, i, end);
      i = afterLarger(in, before, end);
    } while (i > before);
    return i;
  }

  /** Eight bytes at a time: most text is ASCII. */
  private static int afterAscii(ByteBuf in, int index, int end) {
    int i = index;
    for (int last = end - Long.BYTES; i <= last; i += Long.BYTES) {
      long high = in.getLong(i) & HIGH_BITS;
      if (high != 0) {
        return i + (Long.numberOfLeadingZeros(high) >>> 3);
      }
    }
    while (i < end && in.getByte(i) >= 0) {
      i++;
    }
    return i;
  }

  /**
   * Past characters of two to four bytes; not past one that is wrong, or ends in the last three
   * bytes.
   */
  private static int afterLarger(ByteBuf in, int index, int end) {
    int i = index;
    for (int last = end - Integer.BYTES; i <= last; ) {
      int length = larger(in.getInt(i));
      if (length == 0) {
        break;
      }
      i += length;
    }
    return i;
  }

  /** How long the character of two to four bytes is with which {@code word} begins; 0 for none. */
  private static int larger(int word) {
    if ((word & 0xE0C0_0000) == 0xC080_0000) {
      return (word & 0x1E00_0000) == 0 ? 0 : 2; // 0: overlong
    }
    if ((word & 0xF0C0_C000) == 0xE080_8000) {
      int top = word & 0x0F20_0000; // 0: overlong; D: surrogates
      return top == 0 || top == 0x0D20_0000 ? 0 : 3;
    }
    if ((word & 0xF8C0_C0C0) == 0xF080_8080) {
      int top = word & 0x0730_0000; // 0: overlong; beyond the other: above U+10FFFF
      return top == 0 || top > 0x0400_0000 ? 0 : 4;
    }
    return 0;
  }

  private boolean accepts(int b) {
    if (missing > 0) {
      if (b < lower || b > upper) {
        return false;
      }
      missing--;
      lower = 0x80;
      upper = 0xBF;
      return true;
    }
    if (b < 0x80) {
      return true;
    }
    if (b < 0xC2 || b > 0xF4) {
      return false; // a continuation byte, an overlong pair (C0, C1), or above U+10FFFF (F5 on)
    }
    missing = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
    switch (b) {
      case 0xE0 -> lower = 0xA0; // below: overlong
      case 0xED -> upper = 0x9F; // above: surrogates
      case 0xF0 -> lower = 0x90; // below: overlong
      case 0xF4 -> upper = 0x8F; // above U+10FFFF
      default -> {}
    }
    return true;
  }
}
