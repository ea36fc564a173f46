package io.sluice.wire;

/** Whether bytes are UTF-8 (RFC 3629): no overlong form, no surrogate, nothing above U+10FFFF. */
final class Utf8 {
  private Utf8() {}

  /** True where {@code bytes[from, to)} is whole, valid UTF-8. */
  static boolean isValid(byte[] bytes, int from, int to) {
    int at = Words.afterAscii(bytes, from, to);
    while (at < to) {
      int length = sequenceLength(bytes, at, to);
      if (length == 0) {
        return false;
      }
      at += length;
      if (at < to && bytes[at] >= 0) {
        at = Words.afterAscii(bytes, at, to);
      }
    }
    return true;
  }

  /**
   * Bytes of the sequence of two to four bytes that starts at {@code at}; 0 where it is not a valid
   * one.
   */
  static int sequenceLength(byte[] bytes, int at, int to) {
    int first = bytes[at] & 0xff;
    if (first < 0xc2) { // a continuation byte, or an overlong form of ASCII
      return 0;
    }
    if (first < 0xe0) {
      return at + 1 < to && isContinuation(bytes[at + 1]) ? 2 : 0;
    }
    if (first < 0xf0) {
      if (at + 2 >= to || !isContinuation(bytes[at + 1]) || !isContinuation(bytes[at + 2])) {
        return 0;
      }
      int second = bytes[at + 1] & 0xff;
      boolean overlong = first == 0xe0 && second < 0xa0;
      boolean surrogate = first == 0xed && second >= 0xa0;
      return overlong || surrogate ? 0 : 3;
    }
    if (first > 0xf4
        || at + 3 >= to
        || !isContinuation(bytes[at + 1])
        || !isContinuation(bytes[at + 2])
        || !isContinuation(bytes[at + 3])) {
      return 0;
    }
    int second = bytes[at + 1] & 0xff;
    boolean overlong = first == 0xf0 && second < 0x90;
    boolean beyondUnicode = first == 0xf4 && second >= 0x90;
    return overlong || beyondUnicode ? 0 : 4;
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xc0) == 0x80;
  }
}
