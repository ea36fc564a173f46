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
 * @param sure names whose topics were asked for although they were known
 * @param heads heads
 * @param oldest oldest offsets
 * @param since the first offsets at the time that it asks for; empty where there is none
 * @param owners the identities of the topics that these offsets are of
 * @param rounds how often something was looked up
 */
record Lookup(
    @Nullable Collection<String> names,
    long listing,
    Map<String, Topic> topics,
    Set<String> absent,
    Set<String> sure,
    Map<Partition, Long> heads,
    Map<Partition, Long> oldest,
    Map<Partition, OptionalLong> since,
    Map<String, TopicId> owners,
    int rounds) {
  static final Lookup NOTHING = only(null, -1, 0);

  private static Lookup only(@Nullable Collection<String> names, long listing, int rounds) {
    return new Lookup(
        names, listing, Map.of(), Set.of(), Set.of(), Map.of(), Map.of(), Map.of(), Map.of(),
        rounds);
  }

  Lookup with(List<String> listed, long inListing) {
    return only(listed, inListing, rounds + 1);
  }

  /**
   * The same in another listing: what is known of topics that have the same identity there is
   * believed, and nothing else.
   */
  Lookup from(
      @Nullable Collection<String> listed, long inListing, Map<String, TopicId> identities) {
    Map<String, Topic> still = new HashMap<>(topics);
    still.values().removeIf(each -> !each.id().equals(identities.get(each.name())));
    return new Lookup(
        listed,
        inListing,
        still,
        Set.of(),
        sure,
        kept(heads, identities),
        kept(oldest, identities),
        kept(since, identities),
        owners,
        rounds);
  }

  Lookup with(Map<String, Topic> moreTopics, Set<String> moreAbsent) {
    return with(moreTopics, moreAbsent, sure);
  }

  /** The same after {@code asked} were looked up anew, of which {@code gone} are not there. */
  Lookup withSure(Map<String, Topic> found, Set<String> gone, Set<String> asked) {
    return with(found, gone, union(sure, asked));
  }

  private Lookup with(Map<String, Topic> moreTopics, Set<String> moreAbsent, Set<String> nowSure) {
    Map<String, Topic> allTopics = merged(topics, moreTopics);
    allTopics.keySet().removeAll(moreAbsent);
    return new Lookup(
        names,
        listing,
        allTopics,
        union(absent, moreAbsent),
        nowSure,
        heads,
        oldest,
        since,
        owners,
        rounds + 1);
  }

  Lookup withOffsets(Map<Partition, Long> moreHeads, Map<Partition, Long> moreOldest) {
    return withOffsets(merged(heads, moreHeads), merged(oldest, moreOldest), since, owners, 1);
  }

  Lookup withSince(Map<Partition, OptionalLong> moreSince) {
    return withOffsets(heads, oldest, merged(since, moreSince), owners, 1);
  }

  /** The same for these topics: without the offsets of one that has been made again since. */
  Lookup of(Collection<Topic> now) {
    Map<String, TopicId> ids = new HashMap<>();
    now.forEach(topic -> ids.put(topic.name(), topic.id()));
    if (ids.equals(owners)) {
      return this;
    }
    return withOffsets(kept(heads, ids), kept(oldest, ids), kept(since, ids), ids, 0);
  }

  private Lookup withOffsets(
      Map<Partition, Long> nowHeads,
      Map<Partition, Long> nowOldest,
      Map<Partition, OptionalLong> nowSince,
      Map<String, TopicId> nowOwners,
      int moreRounds) {
    return new Lookup(
        names,
        listing,
        topics,
        absent,
        sure,
        nowHeads,
        nowOldest,
        nowSince,
        nowOwners,
        rounds + moreRounds);
  }

  private <T> Map<Partition, T> kept(Map<Partition, T> offsets, Map<String, TopicId> ids) {
    Map<Partition, T> kept = new HashMap<>(offsets);
    kept.keySet()
        .removeIf(each -> {
          TopicId id = ids.get(each.topic());
          return id == null || !id.equals(owners.get(each.topic()));
        });
    return kept;
  }

  /** The same after its feed has changed: what the feed knows of its topics counts. */
  Lookup afterChange() {
    return new Lookup(
        names, listing, Map.of(), absent, sure, Map.of(), Map.of(), Map.of(), Map.of(), rounds + 1);
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

  private static Set<String> union(Set<String> a, Set<String> b) {
    Set<String> both = new HashSet<>(a);
    both.addAll(b);
    return both;
  }

  private static <K, V> Map<K, V> merged(Map<K, V> a, Map<K, V> b) {
    Map<K, V> both = new HashMap<>(a);
    both.putAll(b);
    return both;
  }
}
