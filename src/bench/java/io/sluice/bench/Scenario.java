package io.sluice.bench;

import java.util.List;
import java.util.Map;

/** One way to load a gateway, and whom it is measured beside. */
sealed interface Scenario permits Backlog, Paced, Publishing, Idle {
  /** The channel of the warm-up, which each subject gets before it is measured. */
  String WARM = "bench-warm";

  /** As {@code -Dbench.scenarios} names it. */
  String id();

  /** What it is, in words. */
  String title();

  /** Whom it measures, in this order. */
  List<Subject> subjects();

  /** Once for a whole bench: topics that all runs read. */
  void prepare(Workshop workshop);

  /** Measures {@code subject} once, in processes that are started for it. */
  Map<String, Double> run(Workshop workshop, Load load, Subject subject);
}
