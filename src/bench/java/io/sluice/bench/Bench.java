package io.sluice.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The controller of the bench (docs/benchmarks.md): starts a broker, a load generator and each
 * subject as processes of their own on loopback, lets subjects take turns run by run, and prints a
 * line of JSON for each run and a table for each scenario.
 */
public final class Bench {
  private final Workshop workshop;
  private final Load load;

  Bench(Workshop workshop, Load load) {
    this.workshop = workshop;
    this.load = load;
  }

  /** See the class; what is measured is said by {@link Options}. */
  public static void main(String[] args) {
    Options options = Options.fromProperties();
    List<Scenario> wanted = wanted(options.scenarios());
    try (Workshop workshop = new Workshop(options);
        Load load = new Load(workshop)) {
      Bench bench = new Bench(workshop, load);
      wanted.forEach(bench::measure);
    }
    System.exit(0);
  }

  private static List<Scenario> wanted(List<String> ids) {
    List<String> known = Scenarios.all().stream().map(Scenario::id).toList();
    for (String id : ids) {
      if (!known.contains(id)) {
        throw new IllegalArgumentException(
            "bench.scenarios names " + id + "; there are " + String.join(", ", known) + ".");
      }
    }
    return Scenarios.all().stream()
        .filter(scenario -> ids.isEmpty() || ids.contains(scenario.id()))
        .toList();
  }

  /** Lets the subjects that are wanted take their turns, prints each run, and returns all. */
  List<RunResult> measure(Scenario scenario) {
    Options options = workshop.options();
    List<Subject> subjects =
        scenario.subjects().stream().filter(subject -> options.wants(subject.name())).toList();
    if (subjects.isEmpty()) {
      return List.of();
    }
    scenario.prepare(workshop);
    List<RunResult> results = new ArrayList<>();
    for (int run = 1; run <= options.runs(); run++) {
      for (Subject subject : subjects) {
        RunResult result = once(scenario, subject, run);
        System.out.println(result.toJson());
        results.add(result);
      }
    }
    System.out.printf(
        "%n### %s: %s%s%n%nMedian (smallest–largest) of %d runs; ratios run by run.%n%n%s%n",
        scenario.id(),
        scenario.title(),
        options.scale() == 1 ? "" : " (clients x " + options.scale() + ")",
        options.runs(),
        new Table(results).markdown());
    return results;
  }

  private RunResult once(Scenario scenario, Subject subject, int run) {
    try {
      return new RunResult(
          scenario.id(), subject.name(), run, scenario.run(workshop, load, subject), "");
    } catch (RuntimeException | AssertionError e) {
      return new RunResult(scenario.id(), subject.name(), run, Map.of(), e.toString());
    }
  }
}
