package io.sluice.embedded;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * One number that was measured, in the form in which the demo channels carry it.
 *
 * @param metric its dotted name, the record's key: letters, digits, dots, dashes, underscores
 * @param value the number, finite
 * @param unit the unit that the page shows: {@code %}, {@code B}, {@code B/s}, {@code 1/s}, {@code
 *     ms/s}, or nothing for a plain count
 */
public record Measurement(String metric, double value, String unit) {
  /** Enough for a plot, and short on the wire. */
  private static final int DECIMALS = 3;

  /** Refuses what JSON cannot hold or what would need escaping. */
  public Measurement {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(metric + " is not a finite number: " + value);
    }
    if (!metric.matches("[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException("not a metric name: " + metric);
    }
  }

  /** The record's value, such as {@code {"metric":"cpu.0","value":12.5,"unit":"%"}}. */
  public String toJson() {
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_EVEN);
    String number = rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    return "{\"metric\":\"" + metric + "\",\"value\":" + number + ",\"unit\":\"" + unit + "\"}";
  }
}
