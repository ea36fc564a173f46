package io.sluice.checker;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects faults while they are looked for: how many of each kind, and the first few in words. */
final class Findings {
  private static final int EXAMPLES = 5;

  private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
  private final Map<Fault, List<String>> examples = new EnumMap<>(Fault.class);

  void add(Fault fault, String sentence) {
    counts.merge(fault, 1, Integer::sum);
    List<String> some = examples.computeIfAbsent(fault, _ -> new ArrayList<>());
    if (some.size() < EXAMPLES) {
      some.add(sentence);
    }
  }

  Map<Fault, Integer> counts() {
    return counts;
  }

  Map<Fault, List<String>> examples() {
    return examples;
  }
}
