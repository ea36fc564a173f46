package io.sluice.embedded;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** Turns counters that only grow into rates per second. Used by one thread. */
final class Rates {
  private static final double NANOS_PER_SECOND = 1e9;

  private record Reading(long count, long nanos) {}

  private final Map<String, Reading> last = new HashMap<>();

  /**
   * The growth of a counter per second since it was read last.
   *
   * @param counter its name
   * @param count what it shows now
   * @param nanos when, on the clock of {@link System#nanoTime()}
   * @return empty at the first reading, and after the counter started anew
   */
  OptionalDouble perSecond(String counter, long count, long nanos) {
    Reading before = last.put(counter, new Reading(count, nanos));
    if (before == null || count < before.count() || nanos <= before.nanos()) {
      return OptionalDouble.empty();
    }
    double seconds = (nanos - before.nanos()) / NANOS_PER_SECOND;
    return OptionalDouble.of((count - before.count()) / seconds);
  }
}
