package io.sluice.relay;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the bytes of windows, replayed slices and sockets against {@code
 * sluice.relay.window-bytes}. Any thread.
 *
 * <p>Bytes that sockets hold come off the windows' allowance, down to half of the total: so a crowd
 * that is stalled for a moment costs others some retention, and only when it holds more than that
 * half, the longest-stalled is closed.
 */
final class MemoryBudget {
  private final long total;
  private final LongAdder allocated;
  private final AtomicLong retained = new AtomicLong();
  private final AtomicInteger windows = new AtomicInteger();
  private final AtomicLong held = new AtomicLong();

  /**
   * @param total bytes in all
   * @param allocated follows what is allocated or held, for metrics
   */
  MemoryBudget(long total, LongAdder allocated) {
    this.total = total;
    this.allocated = allocated;
  }

  long total() {
    return total;
  }

  /** What windows and cached slices may have together. */
  long allowance() {
    return Math.max(total / 2, total - held.get());
  }

  /** Windows and cached slices have {@code bytes} more, or fewer where negative. */
  void retained(long bytes) {
    retained.addAndGet(bytes);
  }

  /** How much windows and cached slices have above what they may have. */
  long excess() {
    return Math.max(0, retained.get() - allowance());
  }

  /** There are {@code change} more windows, or fewer where negative. */
  void windows(int change) {
    windows.addAndGet(change);
  }

  /** What a window may keep, however full the others are: all together no more than they may. */
  long share() {
    return allowance() / Math.max(1, windows.get());
  }

  /** True when sockets hold more than may be taken from the windows. */
  boolean isOverheld() {
    return held.get() > total - total / 2;
  }

  /** Segments were allocated, or freed where {@code bytes} is negative. */
  void allocated(long bytes) {
    allocated.add(bytes);
  }

  /** Sockets hold {@code bytes} more, or fewer where negative. */
  void held(long bytes) {
    held.addAndGet(bytes);
    allocated.add(bytes);
  }
}
