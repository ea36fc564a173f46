package io.sluice.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * One measure over several runs.
 *
 * @param median the middle one, or the mean of the two in the middle
 * @param least the smallest
 * @param most the largest
 */
record Spread(double median, double least, double most) {
  /** Of at least one number. */
  static Spread of(DoubleStream numbers) {
    List<Double> sorted = numbers.sorted().boxed().toList();
    if (sorted.isEmpty()) {
      throw new IllegalArgumentException("There is no median of nothing.");
    }
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Spread(median, sorted.getFirst(), sorted.getLast());
  }

  /** {@code median (least-most)}. */
  @Override
  public String toString() {
    return least == most
        ? text(median)
        : text(median) + " (" + text(least) + "–" + text(most) + ")";
  }

  /** As people read numbers: three digits that say something. */
  static String text(double number) {
    double size = Math.abs(number);
    if (size >= 1e6) {
      return String.format(Locale.ROOT, size >= 1e7 ? "%.1f M" : "%.2f M", number / 1e6);
    }
    if (size >= 1e4) {
      return String.format(Locale.ROOT, size >= 1e5 ? "%.0f k" : "%.1f k", number / 1e3);
    }
    if (number == 0) {
      return "0";
    }
    return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.3g", number);
  }
}
