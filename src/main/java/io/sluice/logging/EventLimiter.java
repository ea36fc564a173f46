package io.sluice.logging;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Lets of each kind of event ten pass in any second, and counts the others: a client that repeats a
 * mistake must not fill a disk. Any thread.
 */
final class EventLimiter {
  /**
   * Events that differ in nothing but their values.
   *
   * @param logger who says it
   * @param level how loud
   * @param sentence what is said, values left open
   */
  record Kind(String logger, String level, String sentence) {}

  /** {@code count} of {@code kind} were left out. */
  record Suppressed(Kind kind, long count) {}

  static final int PER_SECOND = 10;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /**
   * Kinds told apart; more than Sluice and its libraries have. A library that writes values into
   * its sentences makes kinds without end: those beyond it are one kind per logger and level.
   */
  private static final int MOST_KINDS = 1_000;

  private static final String ANY_OTHER = "(any other)";

  private final Map<Kind, Tally> tallies = new ConcurrentHashMap<>();
  private final LongAdder suppressed = new LongAdder();

  /** How many were left out in all. */
  long suppressed() {
    return suppressed.sum();
  }

  /**
   * Whether an event of {@code kind} passes.
   *
   * @param now the present moment, in nanoseconds of a clock that never goes back
   */
  boolean admits(Kind kind, long now) {
    Tally tally = tallies.get(kind);
    if (tally == null) {
      Kind counted =
          tallies.size() < MOST_KINDS ? kind : new Kind(kind.logger(), kind.level(), ANY_OTHER);
      tally = tallies.computeIfAbsent(counted, _ -> new Tally());
    }
    boolean passes = tally.admits(now);
    if (!passes) {
      suppressed.increment();
    }
    return passes;
  }

  /** What was left out and has not been told, once it is a second old. Forgets what is past. */
  List<Suppressed> settle(long now) {
    List<Suppressed> told = new ArrayList<>(0);
    tallies.forEach((kind, tally) -> {
      long count = tally.settle(now);
      if (count > 0) {
        told.add(new Suppressed(kind, count));
      } else if (tally.isPast(now)) {
        tallies.remove(kind, tally);
      }
    });
    return told;
  }

  /** When the last ten of a kind passed, in a ring, and how many were left out since. */
  private static final class Tally {
    private final long[] passed = new long[PER_SECOND];
    private long count;
    private long newest;
    private long leftOut;
    private long leftOutSince;

    synchronized boolean admits(long now) {
      int oldest = (int) (count % PER_SECOND);
      if (count < PER_SECOND || now - passed[oldest] >= SECOND) {
        passed[oldest] = now;
        newest = now;
        count++;
        return true;
      }
      if (leftOut++ == 0) {
        leftOutSince = now;
      }
      return false;
    }

    /** How many are to be told of now. */
    synchronized long settle(long now) {
      if (leftOut == 0 || now - leftOutSince < SECOND) {
        return 0;
      }
      long told = leftOut;
      leftOut = 0;
      return told;
    }

    /** Whether a new one would judge as this one does. */
    synchronized boolean isPast(long now) {
      return leftOut == 0 && count > 0 && now - newest >= SECOND;
    }
  }
}
