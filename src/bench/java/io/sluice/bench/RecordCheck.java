package io.sluice.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Proves that one socket gets every record once, in order and unharmed, and tells how late each is.
 * For sockets that are a sample: it looks at every byte. One thread.
 */
final class RecordCheck {
  /** Where latencies go. */
  interface Latencies {
    /** A record that was due at {@code at} has come. */
    void onRecord(long at);
  }

  private static final byte[] VALUE = "\"value\":".getBytes(StandardCharsets.US_ASCII);

  private final byte[] blank;
  private final int padding;
  private long next;

  /**
   * @param first the record that is due first
   */
  RecordCheck(int valueBytes, long first) {
    this.next = first;
    this.blank = StampedValue.blank(valueBytes);
    this.padding = valueBytes - StampedValue.SMALLEST;
  }

  /** Which record is due next. */
  long next() {
    return next;
  }

  /** Reads a {@code records} message; returns what is wrong with it, or null. */
  @Nullable String read(byte[] message, int length, Latencies latencies) {
    int from = indexOfValue(message, 0, length);
    if (from < 0) {
      return "a records message holds no value";
    }
    while (from >= 0) {
      int end = from + blank.length;
      if (end > length || !isWhole(message, from, end)) {
        return "the value of record " + next + " is not what was sent";
      }
      long seq = StampedValue.seq(message, end);
      if (seq != next) {
        return "record " + seq + " came where " + next + " was due";
      }
      next++;
      latencies.onRecord(StampedValue.at(message, end));
      from = indexOfValue(message, end, length);
    }
    return null;
  }

  private boolean isWhole(byte[] message, int from, int end) {
    int fixed = StampedValue.paddedBytes(padding);
    return Arrays.equals(message, from, from + fixed, blank, 0, fixed)
        && StampedValue.endsAt(message, end);
  }

  private static int indexOfValue(byte[] message, int from, int length) {
    for (int i = from; i <= length - VALUE.length; i++) {
      if (message[i] == '"' && message[i + 1] == 'v' && matches(message, i)) {
        return i + VALUE.length;
      }
    }
    return -1;
  }

  private static boolean matches(byte[] message, int at) {
    return Arrays.equals(message, at, at + VALUE.length, VALUE, 0, VALUE.length);
  }
}
