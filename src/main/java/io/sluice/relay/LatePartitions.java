package io.sluice.relay;

import io.sluice.log.Catalog;
import io.sluice.log.LiveLog;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Topic;
import io.sluice.logging.LogKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions that a running feed gets although they were there before: of a topic that has come to
 * match its glob, or those to which its key has moved. They are owed from their oldest record, so
 * what the log holds of them is looked up first. Reader's thread.
 */
final class LatePartitions {
  private static final Logger LOG = LoggerFactory.getLogger(LatePartitions.class);

  /**
   * A partition that has no more is simply read from its oldest record on, for all at once. Of a
   * larger one, everything older than now is replay, as for whoever subscribes to it: the live
   * reader does not go back.
   */
  private static final long FEW_OFFSETS = 1_000;

  private static final long AGAIN_AFTER = Duration.ofSeconds(1).toNanos();

  private record Late(Feed feed, Topic topic, List<Partition> partitions, Then then) {}

  /** Takes what came of it. */
  interface Then {
    /**
     * The feed has them, or there is no such topic after all.
     *
     * @param failure why they are still waited for; {@code null} where they are not
     */
    void on(@Nullable LogFailure failure);
  }

  private record Ends(Map<Partition, Long> heads, Map<Partition, Long> oldest) {}

  private final RelaySettings settings;
  private final LiveLog log;
  private final Catalog catalog;
  private final LivePartitions partitions;
  private final Feeds feeds;
  private final FeedChanges changes;
  private final LongSupplier nanoClock;
  private final List<Late> again = new ArrayList<>();
  private long againAt;

  LatePartitions(
      RelaySettings settings,
      LiveLog log,
      Catalog catalog,
      LivePartitions partitions,
      Feeds feeds,
      FeedChanges changes,
      LongSupplier nanoClock) {
    this.settings = settings;
    this.log = log;
    this.catalog = catalog;
    this.partitions = partitions;
    this.feeds = feeds;
    this.changes = changes;
    this.nanoClock = nanoClock;
  }

  /** {@code feed} gets its partitions of {@code topic}, as soon as their ends are known. */
  void join(Feed feed, Topic topic) {
    join(feed, topic, failure -> {});
  }

  /**
   * The same.
   *
   * @param then hears, once, what came of it
   */
  void join(Feed feed, Topic topic, Then then) {
    lookUp(new Late(feed, topic, feed.selection().partitionsOf(topic, catalog), then));
  }

  /** {@code feed} gets {@code wanted} of {@code topic}, as soon as their ends are known. */
  void join(Feed feed, Topic topic, List<Partition> wanted) {
    if (!wanted.isEmpty()) {
      lookUp(new Late(feed, topic, wanted, failure -> {}));
    }
  }

  /** Time has passed. */
  void onTick() {
    if (!again.isEmpty() && againAt - nanoClock.getAsLong() <= 0) {
      List<Late> due = List.copyOf(again);
      again.clear();
      due.forEach(this::lookUpAgain);
    }
  }

  /**
   * Who does not read a topic yet is not told that it was made again, maybe with fewer partitions;
   * who reads it is.
   */
  private void lookUpAgain(Late late) {
    Feed feed = late.feed();
    catalog
        .topic(late.topic().name())
        .whenComplete((now, thrown) ->
            log.execute(() -> {
              if (thrown != null) {
                onUnknown(late, Lookup.failure(thrown));
              } else if (now.id().equals(late.topic().id())) {
                lookUp(late);
              } else if (feeds.isCurrent(feed) && feed.topic(now.name()) == null) {
                join(feed, feeds.agreed(now));
              }
            }));
  }

  private void lookUp(Late late) {
    if (!feeds.isCurrent(late.feed())) {
      late.then().on(null);
      return;
    }
    catalog
        .heads(late.partitions())
        .thenCombine(catalog.oldest(late.partitions()), Ends::new)
        .whenComplete((ends, thrown) ->
            log.execute(() -> {
              if (ends != null) {
                enter(late, ends);
              } else if (thrown != null) {
                onUnknown(late, Lookup.failure(thrown));
              }
            }));
  }

  private void onUnknown(Late late, LogFailure failure) {
    if (TopicLookups.isAbsence(failure)) {
      late.then().on(null);
      return;
    }
    LOG.atDebug()
        .addKeyValue(LogKeys.SUBSCRIPTION, late.feed().number())
        .addKeyValue(LogKeys.TOPIC, late.topic().name())
        .log("Partitions that join a subscription are waited for: {}", failure.message());
    if (again.isEmpty()) {
      againAt = nanoClock.getAsLong() + AGAIN_AFTER;
    }
    again.add(new Late(late.feed(), late.topic(), late.partitions(), heard -> {}));
    late.then().on(failure);
  }

  private void enter(Late late, Ends ends) {
    Feed feed = late.feed();
    Topic topic = late.topic();
    Topic known = feed.topic(topic.name());
    if (!feeds.isCurrent(feed)) {
      late.then().on(null);
      return;
    }
    if (known == null && feed.selection().topics() instanceof Topics.Matching) {
      Topic agreed = feeds.agreed(topic);
      if (!agreed.equals(topic)) {
        // Other feeds know it better: what they know is what this one has to read.
        join(feed, agreed, late.then());
        return;
      }
      if (feed.topics().size() >= settings.maxTopicsPerGlob()) {
        feeds.end(feed, new Ending.TooManyTopics(settings.maxTopicsPerGlob()));
      } else {
        changes.enter(feed, topic);
        read(late, ends);
      }
    } else if (known != null && known.id().equals(topic.id())) {
      read(late, ends);
    } // else it left, or was made again and has been opened anew
    late.then().on(null);
  }

  private void read(Late late, Ends ends) {
    List<FeedPartition> added = new ArrayList<>();
    for (Partition partition : late.partitions()) {
      if (late.feed().open(partition) == null) {
        added.add(read(late.feed(), partition, ends));
      }
    }
    if (!added.isEmpty()) {
      changes.tellAdded(late.feed(), added);
    }
  }

  private FeedPartition read(Feed feed, Partition partition, Ends ends) {
    long head = ends.heads().getOrDefault(partition, 0L);
    long oldest = ends.oldest().getOrDefault(partition, 0L);
    LivePartition live = partitions.read(partition, head - oldest <= FEW_OFFSETS ? oldest : head);
    return feed.add(live, Math.min(oldest, live.position()));
  }
}
