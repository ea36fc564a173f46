package io.sluice.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The runs of one scenario as a table in Markdown: a line for each subject with the median and the
 * range of each measure, then the gateway's ratio to each baseline, run by run and so within
 * minutes of each other.
 */
final class Table {
  /** Whose ratios are told. */
  static final String GATEWAY = "sluice";

  /** Measures in the order of columns, and what stands above them. */
  private static final Map<String, String> COLUMNS = new LinkedHashMap<>();

  static {
    COLUMNS.put("deliveriesPerSecond", "deliveries/s");
    COLUMNS.put("deliveriesPerCpuSecond", "per CPU s");
    COLUMNS.put("recordsPerMessage", "records/message");
    COLUMNS.put("meanms", "mean ms");
    COLUMNS.put("p50ms", "p50 ms");
    COLUMNS.put("p99ms", "p99 ms");
    COLUMNS.put("p999ms", "p99.9 ms");
    COLUMNS.put("slowestShare", "slowest / mean");
    COLUMNS.put("gapShare", "told by gaps");
    COLUMNS.put("newClientMs", "new client p50 ms");
    COLUMNS.put("newClientMaxMs", "new client max ms");
    COLUMNS.put("calmP50ms", "live p50 ms before");
    COLUMNS.put("calmP99ms", "live p99 ms before");
    COLUMNS.put("liveP50ms", "live p50 ms while");
    COLUMNS.put("liveP99ms", "live p99 ms while");
    COLUMNS.put("liveP99Ratio", "live p99 while / before");
    COLUMNS.put("kafkaReads", "reads of each record");
    COLUMNS.put("gatewayCpuShare", "CPU share");
    COLUMNS.put("cpuSeconds", "CPU s");
    COLUMNS.put("windowPeakMb", "peak windows MB");
    COLUMNS.put("peakMb", "peak RSS MB");
    COLUMNS.put("endMb", "end RSS MB");
    COLUMNS.put("allocatedPerDelivery", "alloc B/delivery");
    COLUMNS.put("loadCpuSeconds", "load CPU s");
    COLUMNS.put("othersCpuSeconds", "others' CPU s");
    COLUMNS.put("connectsPerSecond", "connects/s");
    COLUMNS.put("rssPerConnection", "RSS B/connection");
    COLUMNS.put("heapPerConnection", "heap B/connection");
  }

  /** Measures whose ratios say something. */
  private static final List<String> COMPARED =
      List.of(
          "deliveriesPerSecond",
          "deliveriesPerCpuSecond",
          "p50ms",
          "p99ms",
          "connectsPerSecond",
          "rssPerConnection");

  private final List<RunResult> runs;

  Table(List<RunResult> runs) {
    this.runs = List.copyOf(runs);
  }

  /** The whole table. */
  String markdown() {
    List<String> columns =
        COLUMNS.keySet().stream().filter(name -> runs.stream().anyMatch(has(name))).toList();
    StringBuilder text = new StringBuilder();
    row(text, "subject", columns, name -> COLUMNS.getOrDefault(name, name));
    row(text, "---", columns, _ -> "---");
    for (String subject : subjects()) {
      row(text, subject, columns, name -> spread(subject, name));
    }
    for (String baseline : subjects()) {
      if (!baseline.equals(GATEWAY) && subjects().contains(GATEWAY)) {
        row(
            text,
            GATEWAY + " / " + baseline,
            columns,
            name -> COMPARED.contains(name) ? ratioText(baseline, name) : "");
      }
    }
    runs.stream()
        .filter(run -> run.number("complete").orElse(1) == 0)
        .forEach(run ->
            text.append(
                "\n%s, run %d, ended before every socket had got every record.\n"
                    .formatted(run.subject(), run.run())));
    runs.stream()
        .filter(run -> !run.isGood())
        .forEach(run ->
            text.append(
                "\n%s, run %d, does not count: %s\n"
                    .formatted(run.subject(), run.run(), run.fault())));
    return text.toString();
  }

  private static Predicate<RunResult> has(String name) {
    return run -> run.number(name).isPresent();
  }

  private List<String> subjects() {
    return runs.stream().map(RunResult::subject).distinct().toList();
  }

  private String spread(String subject, String name) {
    List<Double> numbers = numbers(subject, name);
    return numbers.isEmpty()
        ? "–"
        : Spread.of(numbers.stream().mapToDouble(Double::doubleValue)).toString();
  }

  private List<Double> numbers(String subject, String name) {
    return runs.stream()
        .filter(run -> run.subject().equals(subject) && run.isGood())
        .flatMap(run -> run.number(name).stream().boxed())
        .toList();
  }

  private String ratioText(String baseline, String name) {
    return ratio(baseline, name).map(Spread::toString).orElse("–");
  }

  /** The gateway's measure divided by a baseline's, of the runs that both have. */
  Optional<Spread> ratio(String baseline, String name) {
    List<Double> ratios = new ArrayList<>();
    Map<Integer, Double> ours = byRun(GATEWAY, name);
    byRun(baseline, name)
        .forEach((run, theirs) -> {
          Double mine = ours.get(run);
          if (mine != null && theirs != 0) {
            ratios.add(mine / theirs);
          }
        });
    return ratios.isEmpty()
        ? Optional.empty()
        : Optional.of(Spread.of(ratios.stream().mapToDouble(Double::doubleValue)));
  }

  private Map<Integer, Double> byRun(String subject, String name) {
    return runs.stream()
        .filter(run -> run.subject().equals(subject) && run.isGood() && has(name).test(run))
        .collect(Collectors.toMap(RunResult::run, run -> run.number(name).getAsDouble()));
  }

  private static void row(
      StringBuilder text, String first, List<String> columns, UnaryOperator<String> cell) {
    text.append(
        columns.stream()
            .map(cell)
            .collect(Collectors.joining(" | ", "| " + first + " | ", " |\n")));
  }
}
