package io.sluice.testing;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/** Latencies of one phase of a test, in whole milliseconds. Any thread. */
public final class Latencies {
  private static final int MAX_MILLIS = 60_000;

  private final AtomicIntegerArray counts = new AtomicIntegerArray(MAX_MILLIS + 1);
  private final AtomicLong total = new AtomicLong();

  /** Adds one. */
  public void add(long millis) {
    counts.incrementAndGet((int) Math.clamp(millis, 0, MAX_MILLIS));
    total.incrementAndGet();
  }

  /** How many there are. */
  public long count() {
    return total.get();
  }

  /** The latency that {@code share} (0-1) of all do not exceed; 0 where there are none. */
  public long percentile(double share) {
    long wanted = (long) Math.ceil(total.get() * share);
    long met = 0;
    for (int millis = 0; millis <= MAX_MILLIS; millis++) {
      met += counts.get(millis);
      if (met >= wanted) {
        return millis;
      }
    }
    return MAX_MILLIS;
  }

  @Override
  public String toString() {
    return "%d latencies: p50 %d ms, p99 %d ms, max %d ms"
        .formatted(count(), percentile(0.5), percentile(0.99), percentile(1));
  }
}
