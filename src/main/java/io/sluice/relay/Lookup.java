package io.sluice.relay;

import io.sluice.log.LogException;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Topic;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What was looked up for one subscription so far.
 *
 * @param topic its topic, {@code null} while that is not known
 * @param rounds how often something was looked up
 */
record Lookup(
    @Nullable Topic topic, Map<Partition, Long> heads, Map<Partition, Long> oldest, int rounds) {
  static final Lookup NOTHING = new Lookup(null, Map.of(), Map.of(), 0);

  Lookup with(Topic found) {
    return new Lookup(found, heads, oldest, rounds + 1);
  }

  Lookup with(Map<Partition, Long> moreHeads, Map<Partition, Long> moreOldest) {
    return new Lookup(topic, merged(heads, moreHeads), merged(oldest, moreOldest), rounds + 1);
  }

  /** What {@code thrown}, by which a stage of the catalog completed, says. */
  static LogFailure failure(Throwable thrown) {
    Throwable cause = thrown;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof LogException log
        ? log.failure()
        : new LogFailure.Internal(
            "The catalog failed with " + cause.getClass().getSimpleName() + ".");
  }

  private static Map<Partition, Long> merged(Map<Partition, Long> a, Map<Partition, Long> b) {
    Map<Partition, Long> both = new HashMap<>(a);
    both.putAll(b);
    return both;
  }
}
