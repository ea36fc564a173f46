package io.sluice.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A record's value whose last bytes say which record it is, and when it should have been sent:
 *
 * <pre>{"pad":"xxxx…","at":1DDDDDDDDDDDDDDDDDD,"seq":1DDDDDDDDD}</pre>
 *
 * <p>Numbers have a fixed width (the leading 1 is none of their digits), so a reader that skips all
 * else finds them from the end of a message. {@code at} is {@link System#nanoTime} of the moment at
 * which the record was due: on Linux one clock for all processes of a machine.
 */
final class StampedValue {
  private static final String OPENING = "{\"pad\":\"";
  private static final String AT = "\",\"at\":1";
  private static final String SEQ = ",\"seq\":1";
  private static final byte[] SEQ_BYTES = SEQ.getBytes(StandardCharsets.US_ASCII);
  private static final int AT_DIGITS = 18;
  private static final int SEQ_DIGITS = 9;

  /** From the first digit of {@code seq} to behind the closing brace. */
  private static final int SEQ_BACK = SEQ_DIGITS + 1;

  /** From the first digit of {@code at} to behind the closing brace. */
  private static final int AT_BACK = SEQ_BACK + SEQ.length() + AT_DIGITS;

  /** The size of a value without padding, in bytes. */
  static final int SMALLEST = OPENING.length() + AT.length() + AT_BACK;

  private StampedValue() {}

  /** A value of {@code bytes} bytes with nothing stamped on it yet. */
  static byte[] blank(int bytes) {
    if (bytes < SMALLEST) {
      throw new IllegalArgumentException(
          "A value has at least " + SMALLEST + " bytes, not " + bytes + ".");
    }
    String text =
        OPENING
            + "x".repeat(bytes - SMALLEST)
            + AT
            + "0".repeat(AT_DIGITS)
            + SEQ
            + "0".repeat(SEQ_DIGITS)
            + "}";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Writes both numbers into the value that ends before {@code end}. */
  static void stamp(byte[] bytes, int end, long seq, long at) {
    write(bytes, end - SEQ_BACK, SEQ_DIGITS, seq);
    write(bytes, end - AT_BACK, AT_DIGITS, at);
  }

  /** A stamped value of {@code bytes} bytes. */
  static byte[] of(int bytes, long seq, long at) {
    byte[] value = blank(bytes);
    stamp(value, bytes, seq, at);
    return value;
  }

  /**
   * How many bytes of a value with {@code padding} bytes of padding are the same in all of them.
   */
  static int paddedBytes(int padding) {
    return OPENING.length() + padding + AT.length();
  }

  /** Whether a value ends before {@code end}. */
  static boolean endsAt(byte[] bytes, int end) {
    int label = end - SEQ_BACK - SEQ_BYTES.length;
    return end - AT_BACK >= 0
        && bytes[end - 1] == '}'
        && Arrays.equals(bytes, label, label + SEQ_BYTES.length, SEQ_BYTES, 0, SEQ_BYTES.length);
  }

  /** Which record the value that ends before {@code end} is. */
  static long seq(byte[] bytes, int end) {
    return read(bytes, end - SEQ_BACK, SEQ_DIGITS);
  }

  /** When it was due, by {@link System#nanoTime}. */
  static long at(byte[] bytes, int end) {
    return read(bytes, end - AT_BACK, AT_DIGITS);
  }

  private static void write(byte[] bytes, int from, int digits, long number) {
    long rest = number;
    for (int i = from + digits - 1; i >= from; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    if (rest != 0 || number < 0) {
      throw new IllegalArgumentException(number + " does not fit into " + digits + " digits.");
    }
  }

  private static long read(byte[] bytes, int from, int digits) {
    long number = 0;
    for (int i = from; i < from + digits; i++) {
      number = number * 10 + (bytes[i] - '0');
    }
    return number;
  }
}
