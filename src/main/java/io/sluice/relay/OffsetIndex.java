package io.sluice.relay;

import java.util.Arrays;

/** Where in a view each offset of one partition stands: the end of the partition in each link that holds some of it. */
final class OffsetIndex {
  private long[] ends = {};
  private long[] sequences = {};
  private int first;
  private int size;

  /** In link {@code sequence}, the newest so far, the partition ends before {@code end}. */
  void add(long sequence, long end) {
    if (size > 0 && sequences[first + size - 1] == sequence) {
      ends[first + size - 1] = end;
      return;
    }
    if (first + size == ends.length) {
      makeRoom();
    }
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

  /** The last link that holds some of the partition, else {@code otherwise}. */
  long last(long otherwise) {
    return size > 0 ? sequences[first + size - 1] : otherwise;
  }

  private void makeRoom() {
    int capacity = size > ends.length / 2 ? Math.max(4, 2 * ends.length) : ends.length;
    long[] newEnds = capacity == ends.length ? ends : Arrays.copyOf(ends, capacity);
    long[] newSequences = capacity == ends.length ? sequences : Arrays.copyOf(sequences, capacity);
    System.arraycopy(ends, first, newEnds, 0, size);
    System.arraycopy(sequences, first, newSequences, 0, size);
    ends = newEnds;
    sequences = newSequences;
    first = 0;
  }
}
