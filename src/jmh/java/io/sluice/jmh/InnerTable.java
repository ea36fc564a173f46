package io.sluice.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was measured as a table in Markdown: a row for each baseline, with ours beside it. Not for
 * several threads.
 */
final class InnerTable {
  /** The name of our side; any other is a baseline. */
  static final String OURS = "sluice";

  /**
   * One side of one part.
   *
   * @param part what is measured
   * @param params of what size it was, and so on, by name
   * @param side whose
   * @param best nanoseconds of one operation in the fastest iteration: what else runs on a machine
   *     only ever adds
   * @param mean the same on average
   * @param error half of the 99.9 % confidence interval of the mean; NaN where there is none
   * @param allocated bytes of heap that one operation allocates; NaN where that is not known
   */
  record Figure(
      String part,
      Map<String, String> params,
      String side,
      double best,
      double mean,
      double error,
      double allocated) {
    private boolean isBeside(Figure other) {
      return !side.equals(other.side) && part.equals(other.part) && params.equals(other.params);
    }
  }

  private final List<Figure> figures = new ArrayList<>();

  void add(Figure figure) {
    figures.add(figure);
  }

  /**
   * The table, ending with a line end: the best time, and in brackets the mean. The ratio is the
   * baseline's best time by ours: above 1 ours is faster.
   */
  String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("| part | of | sluice ns/op | B/op | baseline | ns/op | B/op | ratio |\n");
    out.append("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (Figure ours : figures) {
      if (!ours.side().equals(OURS)) {
        continue;
      }
      List<Figure> baselines = figures.stream().filter(it -> it.isBeside(ours)).toList();
      for (Figure baseline : baselines) {
        out.append(row(ours, baseline));
      }
      if (baselines.isEmpty()) {
        out.append(opening(ours)).append(" | | | |\n");
      }
    }
    return out.toString();
  }

  private static String row(Figure ours, Figure baseline) {
    return opening(ours)
        + " "
        + baseline.side()
        + " | "
        + time(baseline)
        + " | "
        + bytes(baseline)
        + " | "
        + String.format(Locale.ROOT, "%.2f", baseline.best() / ours.best())
        + " |\n";
  }

  private static String opening(Figure ours) {
    String of = String.join(", ", ours.params().values());
    return "| " + ours.part() + " | " + of + " | " + time(ours) + " | " + bytes(ours) + " |";
  }

  private static String time(Figure figure) {
    String error = Double.isNaN(figure.error()) ? "" : " ± " + number(figure.error());
    return number(figure.best()) + " (" + number(figure.mean()) + error + ")";
  }

  private static String bytes(Figure figure) {
    return Double.isNaN(figure.allocated()) ? "?" : number(figure.allocated());
  }

  /** Three digits of small ones; whole ones are enough of large. */
  private static String number(double value) {
    return String.format(
        Locale.ROOT, value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%,.0f", value);
  }
}
