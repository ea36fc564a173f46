package io.sluice.bench;

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

  private final byte[] before;
  private final byte[] blank;
  private final int padding;
  private long next;

  /**
   * @param first the record that is due first
   */
  RecordCheck(Subprotocol subprotocol, int valueBytes, long first) {
    this.next = first;
    this.before = subprotocol.beforeValue(valueBytes);
    this.blank = StampedValue.blank(valueBytes);
    this.padding = valueBytes - StampedValue.SMALLEST;
  }

  /** Which record is due next. */
  long next() {
    return next;
  }

  /** What lies before {@code to} will not come, and the gateway has said so. */
  void skip(long to) {
    next = to;
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

  private int indexOfValue(byte[] message, int from, int length) {
    for (int i = from; i <= length - before.length; i++) {
      if (message[i] == before[0] && message[i + 1] == before[1] && matches(message, i)) {
        return i + before.length;
      }
    }
    return -1;
  }

  private boolean matches(byte[] message, int at) {
    return Arrays.equals(message, at, at + before.length, before, 0, before.length);
  }
}
