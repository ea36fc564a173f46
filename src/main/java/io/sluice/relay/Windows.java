package io.sluice.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * All windows of one reader, the largest first, and how large they may be. A heap in which each
 * window knows its place, so that a window which grows costs a few comparisons. Reader's thread;
 * the budget they share with the windows of other readers.
 */
final class Windows {
  private static final int SMALLEST_SEGMENT = 64;
  private static final int SEGMENTS_PER_WINDOW = 8;

  private final List<LogWindow> heap = new ArrayList<>();
  private final MemoryBudget budget;
  private final long feedBytes;
  private final RelayCounters counters;
  private long bytes;
  private long sliceBytes;

  Windows(MemoryBudget budget, long feedBytes, RelayCounters counters) {
    this.budget = budget;
    this.feedBytes = feedBytes;
    this.counters = counters;
  }

  MemoryBudget budget() {
    return budget;
  }

  RelayCounters counters() {
    return counters;
  }

  /** Bytes of all windows. */
  long bytes() {
    return bytes;
  }

  /** Bytes of all windows and of the slices that are cached. */
  long bytesWithSlices() {
    return bytes + sliceBytes;
  }

  /** How much all windows and cached slices have above what they may have. */
  long excess() {
    return budget.excess();
  }

  /**
   * Cached slices have {@code change} more bytes, or fewer where negative; they share the budget.
   */
  void slices(long change) {
    sliceBytes += change;
    budget.retained(change);
  }

  /** A window below its share keeps what it has, however full the others are. */
  long share() {
    return budget.share();
  }

  /** How large a segment may be: several fit into the feed's limit and into the window's share. */
  int largestSegment(int most) {
    long fitting = Math.min(feedBytes, share()) / SEGMENTS_PER_WINDOW;
    return (int) Math.max(SMALLEST_SEGMENT, Math.min(most, fitting));
  }

  /** A window is there; it is empty. */
  void add(LogWindow window) {
    window.rank = heap.size();
    heap.add(window);
    budget.windows(1);
  }

  /** A window leaves; it is empty again. */
  void remove(LogWindow window) {
    LogWindow last = heap.removeLast();
    if (last != window) {
      place(last, window.rank);
      up(last);
      down(last);
    }
    window.rank = -1;
    budget.windows(-1);
  }

  /**
   * {@code window} has {@code more} bytes, of which {@code frame} are a new frame: keeps it inside
   * its own limit.
   */
  void grown(LogWindow window, long more, int frame) {
    bytes += more;
    budget.retained(more);
    counters.bytesEncoded.add(frame);
    up(window);
    while (window.bytes() > feedBytes && window.segmentCount() > 1) {
      evict(window);
    }
  }

  /**
   * Evicts the oldest of the largest until all are inside the budget, and names each window that
   * lost something.
   */
  void trim(Consumer<LogWindow> onEvicted) {
    while (!heap.isEmpty() && excess() > 0) {
      LogWindow largest = heap.getFirst();
      if (largest.segmentCount() == 0 || largest.bytes() <= share()) {
        return;
      }
      evict(largest);
      onEvicted.accept(largest);
    }
  }

  /** Lets all of {@code window} go. */
  void clear(LogWindow window) {
    while (window.segmentCount() > 0) {
      free(window);
    }
  }

  private void evict(LogWindow window) {
    counters.evictedBytes.add(free(window));
    counters.evictions.increment();
  }

  private long free(LogWindow window) {
    long before = window.bytes();
    window.evictOldest();
    long freed = before - window.bytes();
    bytes -= freed;
    budget.retained(-freed);
    down(window);
    return freed;
  }

  private void up(LogWindow window) {
    while (window.rank > 0) {
      LogWindow parent = heap.get((window.rank - 1) / 2);
      if (parent.bytes() >= window.bytes()) {
        return;
      }
      swap(window, parent);
    }
  }

  private void down(LogWindow window) {
    while (true) {
      int left = 2 * window.rank + 1;
      if (left >= heap.size()) {
        return;
      }
      LogWindow child = heap.get(left);
      if (left + 1 < heap.size() && heap.get(left + 1).bytes() > child.bytes()) {
        child = heap.get(left + 1);
      }
      if (child.bytes() <= window.bytes()) {
        return;
      }
      swap(child, window);
    }
  }

  private void swap(LogWindow a, LogWindow b) {
    int rank = a.rank;
    place(a, b.rank);
    place(b, rank);
  }

  private void place(LogWindow window, int rank) {
    heap.set(rank, window);
    window.rank = rank;
  }
}
