package io.sluice.relay;

import java.util.Arrays;

/**
 * Where in a view each offset of one partition stands: what of it is in each link that holds some
 * of it.
 */
final class OffsetIndex {
  /** Shared by those that are empty: of ten thousand quiet feeds each has one. */
  private static final long[] NONE = {};

  private long[] froms = NONE;
  private long[] ends = NONE;
  private long[] sequences = NONE;
  private int first;
  private int size;

  /** Link {@code sequence}, the newest so far, holds what there is in {@code [from, end)}. */
  void add(long sequence, long from, long end) {
    if (size > 0 && sequences[first + size - 1] == sequence) {
      ends[first + size - 1] = end;
      return;
    }
    if (first + size == ends.length) {
      makeRoom();
    }
    froms[first + size] = from;
    ends[first + size] = end;
    sequences[first + size] = sequence;
    size++;
  }

  /** Forgets the links below {@code sequence}. */
  void dropBelow(long sequence) {
    while (size > 0 && sequences[first] < sequence) {
      first++;
      size--;
    }
    if (size == 0) {
      first = 0;
    }
  }

  /** The first link with something at or after {@code offset}, else {@code otherwise}. */
  long firstReaching(long offset, long otherwise) {
    int low = first;
    int high = first + size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[middle] > offset) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low < first + size ? sequences[low] : otherwise;
  }

  /**
   * Where the partition goes on in the first link from {@code sequence} on that holds some of it,
   * else {@code otherwise}.
   */
  long nextFrom(long sequence, long otherwise) {
    int found = Arrays.binarySearch(sequences, first, first + size, sequence);
    int at = found >= 0 ? found : -found - 1;
    return at < first + size ? froms[at] : otherwise;
  }

  /** The last link with something below {@code offset}, else {@code otherwise}. */
  long lastBelow(long offset, long otherwise) {
    int low = first;
    int high = first + size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (froms[middle] < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low > first ? sequences[low - 1] : otherwise;
  }

  private void makeRoom() {
    int capacity = size >= ends.length / 2 ? Math.max(4, 2 * ends.length) : ends.length;
    froms = moved(froms, capacity);
    ends = moved(ends, capacity);
    sequences = moved(sequences, capacity);
    first = 0;
  }

  private long[] moved(long[] from, int capacity) {
    long[] to = capacity == from.length ? from : new long[capacity];
    System.arraycopy(from, first, to, 0, size);
    return to;
  }
}
