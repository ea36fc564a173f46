package io.sluice.relay;

import io.sluice.log.LogException;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What was looked up for one subscription so far.
 *
 * @param names the names that match its glob, {@code null} while they are not known
 * @param listing which listing they are from
 * @param topics its topics, by name
 * @param absent names of which there is no topic
 * @param heads heads
 * @param oldest oldest offsets
 * @param since the first offsets at the time that it asks for; empty where there is none
 * @param owners the identities of the topics that these offsets are of
 * @param rounds how often something was looked up
 */
record Lookup(
    @Nullable List<String> names,
    long listing,
    Map<String, Topic> topics,
    Set<String> absent,
    Map<Partition, Long> heads,
    Map<Partition, Long> oldest,
    Map<Partition, OptionalLong> since,
    Map<String, TopicId> owners,
    int rounds) {
  static final Lookup NOTHING = only(null, -1, 0);

  private static Lookup only(@Nullable List<String> names, long listing, int rounds) {
    return new Lookup(
        names, listing, Map.of(), Set.of(), Map.of(), Map.of(), Map.of(), Map.of(), rounds);
  }

  Lookup with(List<String> listed, long inListing) {
    return only(listed, inListing, rounds + 1);
  }

  /** The same in another listing, where nothing else is believed. */
  Lookup from(@Nullable List<String> listed, long inListing) {
    return only(listed, inListing, rounds);
  }

  Lookup with(Map<String, Topic> moreTopics, Set<String> moreAbsent) {
    Set<String> allAbsent = new HashSet<>(absent);
    allAbsent.addAll(moreAbsent);
    return new Lookup(
        names,
        listing,
        merged(topics, moreTopics),
        allAbsent,
        heads,
        oldest,
        since,
        owners,
        rounds + 1);
  }

  Lookup withOffsets(Map<Partition, Long> moreHeads, Map<Partition, Long> moreOldest) {
    return new Lookup(
        names,
        listing,
        topics,
        absent,
        merged(heads, moreHeads),
        merged(oldest, moreOldest),
        since,
        owners,
        rounds + 1);
  }

  Lookup withSince(Map<Partition, OptionalLong> moreSince) {
    return new Lookup(
        names,
        listing,
        topics,
        absent,
        heads,
        oldest,
        merged(since, moreSince),
        owners,
        rounds + 1);
  }

  /** The same for these topics: without the offsets of one that has been made again since. */
  Lookup of(Collection<Topic> now) {
    Map<String, TopicId> ids = new HashMap<>();
    now.forEach(topic -> ids.put(topic.name(), topic.id()));
    if (ids.equals(owners)) {
      return this;
    }
    return new Lookup(
        names,
        listing,
        topics,
        absent,
        kept(heads, ids),
        kept(oldest, ids),
        kept(since, ids),
        ids,
        rounds);
  }

  private <T> Map<Partition, T> kept(Map<Partition, T> offsets, Map<String, TopicId> ids) {
    Map<Partition, T> kept = new HashMap<>(offsets);
    kept.keySet().removeIf(each -> {
      TopicId id = ids.get(each.topic());
      return id == null || !id.equals(owners.get(each.topic()));
    });
    return kept;
  }

  /** The same after its feed has changed: what the feed knows of its topics counts. */
  Lookup afterChange() {
    return new Lookup(
        names,
        listing,
        Map.of(),
        absent,
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        rounds + 1);
  }

  /** Nothing of it is believed any more. */
  Lookup anew() {
    return only(null, -1, rounds + 1);
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

  private static <K, V> Map<K, V> merged(Map<K, V> a, Map<K, V> b) {
    Map<K, V> both = new HashMap<>(a);
    both.putAll(b);
    return both;
  }
}
