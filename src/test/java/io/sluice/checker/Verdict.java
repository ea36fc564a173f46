package io.sluice.checker;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the checker found.
 *
 * @param counts how many faults of each kind; a kind without any is not there
 * @param examples the first few of each, in words
 * @param sent records that were sent
 * @param acked records that were acknowledged
 * @param received records that came, those that clients dropped among them
 * @param dropped records that came below the position that their application had reached before
 *     this subscription
 * @param unread records of the log behind the end of a stream that started before them, summed over
 *     streams
 */
public record Verdict(
    Map<Fault, Integer> counts,
    Map<Fault, List<String>> examples,
    long sent,
    long acked,
    long received,
    long dropped,
    long unread) {
  public Verdict {
    counts = Map.copyOf(counts);
    examples = Map.copyOf(examples);
  }

  /** Whether no promise was broken. */
  public boolean isClean() {
    return counts.isEmpty();
  }

  /** How many faults of that kind. */
  public int count(Fault fault) {
    return counts.getOrDefault(fault, 0);
  }

  @Override
  public String toString() {
    String numbers =
        "%d sent, %d acknowledged, %d received, %d dropped, %d unread"
            .formatted(sent, acked, received, dropped, unread);
    if (isClean()) {
      return "clean: " + numbers;
    }
    return counts.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry ->
            "%s (%s): %d, such as%n  %s"
                .formatted(
                    entry.getKey(),
                    entry.getKey().invariant(),
                    entry.getValue(),
                    String.join(
                        "%n  ".formatted(), examples.getOrDefault(entry.getKey(), List.of()))))
        .collect(Collectors.joining("%n".formatted(), numbers + "%n".formatted(), ""));
  }
}
