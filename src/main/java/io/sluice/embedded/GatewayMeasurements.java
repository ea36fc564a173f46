package io.sluice.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The gateway's own numbers as measurements: a name that ends in {@code .total} is a counter and
 * becomes a rate per second under the name without that end; any other is shown as it is. A name
 * with {@code bytes} in it counts bytes. Used by one thread.
 */
final class GatewayMeasurements {
  private static final String COUNTER = ".total";

  private final Rates rates = new Rates();

  /**
   * Measures now.
   *
   * @param numbers the gateway's numbers by name, such as {@code connections} or {@code
   *     records.sent.total}
   * @param nanos now, on the clock of {@link System#nanoTime()}
   */
  List<Measurement> take(Map<String, Number> numbers, long nanos) {
    List<Measurement> taken = new ArrayList<>();
    numbers.forEach((name, number) -> {
      boolean isBytes = name.contains("bytes");
      if (name.endsWith(COUNTER)) {
        OptionalDouble rate = rates.perSecond(name, number.longValue(), nanos);
        String metric = name.substring(0, name.length() - COUNTER.length());
        rate.ifPresent(value -> taken.add(new Measurement(metric, value, isBytes ? "B/s" : "1/s")));
      } else if (Double.isFinite(number.doubleValue())) {
        taken.add(new Measurement(name, number.doubleValue(), isBytes ? "B" : ""));
      }
    });
    return taken;
  }
}
