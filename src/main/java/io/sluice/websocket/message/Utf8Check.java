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
        i = afterAscii(in, i, end);
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

  /** Eight bytes at a time: most text is ASCII. */
  private static int afterAscii(ByteBuf in, int index, int end) {
    int i = index;
    for (int last = end - Long.BYTES; i <= last; i += Long.BYTES) {
      if ((in.getLong(i) & HIGH_BITS) != 0) {
        break;
      }
    }
    while (i < end && in.getByte(i) >= 0) {
      i++;
    }
    return i;
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
