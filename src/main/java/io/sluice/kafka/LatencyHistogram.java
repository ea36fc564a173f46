package io.sluice.kafka;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long something took, counted in {@link #BOUNDS} of which each is about twice the one before:
 * so much memory whatever is counted, and an addition for each. Added to and read by any thread.
 */
public final class LatencyHistogram {
  /**
   * Up to where each bucket but the last reaches, in seconds, ascending. From what a broker beside
   * us takes to more than the longest that a publish may take (15 s).
   */
  private static final double[] BOUNDS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20
  };

  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long[] BOUNDS_NANOS =
      Arrays.stream(BOUNDS).mapToLong(bound -> Math.round(bound * SECOND)).toArray();

  private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
  private final LongAdder nanos = new LongAdder();

  LatencyHistogram() {
    Arrays.setAll(buckets, i -> new LongAdder());
  }

  /** Something took {@code took} nanoseconds. */
  void add(long took) {
    int bucket = 0;
    while (bucket < BOUNDS_NANOS.length && took > BOUNDS_NANOS[bucket]) {
      bucket++;
    }
    buckets[bucket].increment();
    nanos.add(took);
  }

  /** Up to where each bucket but the last reaches, in seconds, ascending; the last has no end. */
  public double[] bounds() {
    return BOUNDS.clone();
  }

  /** How many fell into each bucket; one more than {@link #bounds}. */
  public long[] counts() {
    return Arrays.stream(buckets).mapToLong(LongAdder::sum).toArray();
  }

  /** How long all of them took together, in seconds. */
  public double seconds() {
    return nanos.sum() / SECOND;
  }
}
