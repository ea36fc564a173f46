package io.sluice.relay;

import io.sluice.log.Catalog;
import io.sluice.log.LiveLog;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Topic;
import io.sluice.logging.LogKeys;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the catalog tells about watched topics, carried out on the reader's thread, between two
 * polls.
 */
final class TopicChanges implements Catalog.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(TopicChanges.class);

  private final LiveLog log;
  private final Catalog catalog;
  private final Feeds feeds;
  private final FeedChanges changes;
  private final LatePartitions late;

  TopicChanges(
      LiveLog log, Catalog catalog, Feeds feeds, FeedChanges changes, LatePartitions late) {
    this.log = log;
    this.catalog = catalog;
    this.feeds = feeds;
    this.changes = changes;
    this.late = late;
  }

  @Override
  public void onPartitionsAdded(Topic before, Topic topic) {
    log.execute(() -> addPartitions(topic));
  }

  @Override
  public void onDeleted(Topic topic) {
    log.execute(() -> delete(topic));
  }

  @Override
  public void onRecreated(Topic before, Topic now) {
    log.execute(() -> recreate(now));
  }

  /** {@code topic} has more partitions than its feeds know. Reader's thread. */
  void addPartitions(Topic topic) {
    forEachFeed(
        topic,
        (feed, known) -> {
          if (known.id().equals(topic.id()) && known.partitionCount() < topic.partitionCount()) {
            addPartitions(feed, known, topic);
          }
        });
  }

  private void addPartitions(Feed feed, Topic known, Topic topic) {
    feeds.put(feed, topic);
    List<Partition> fresh = new ArrayList<>();
    List<Partition> moved = new ArrayList<>();
    for (Partition partition : feed.selection().partitionsOf(topic, catalog)) {
      if (partition.number() >= known.partitionCount()) {
        fresh.add(partition);
      } else if (feed.open(partition) == null) {
        moved.add(partition); // with more partitions a key may belong to another old one
      }
    }
    changes.open(feed, fresh);
    late.join(feed, topic, moved);
  }

  private void delete(Topic topic) {
    forEachFeed(
        topic,
        (feed, known) -> {
          if (known.id().equals(topic.id())) { // else made anew since, and watched
            switch (feed.selection().topics()) {
              case Topics.Matching _ -> changes.leave(feed, topic.name());
              case Topics.Named _ ->
                  feeds.end(feed, new Ending.Log(new LogFailure.TopicDeleted(topic.name())));
            }
          }
        });
  }

  private void recreate(Topic now) {
    List<Feed> anew = new ArrayList<>();
    forEachFeed(
        now,
        (feed, known) -> {
          if (!known.id().equals(now.id())) {
            changes.close(feed, now.name());
            anew.add(feed);
          }
        });
    // After all have closed the old one: what is read of the new one is read for all of them.
    forEachFeed(
        now,
        (feed, known) -> {
          if (anew.contains(feed)) {
            feeds.put(feed, now);
            changes.open(feed, feed.selection().partitionsOf(now, catalog));
          }
        });
  }

  /**
   * Does {@code change} for each feed that knows a topic of that name. Whatever becomes of one of
   * them, the others have theirs; that one ends, with what its subscribers have.
   */
  private void forEachFeed(Topic topic, Change change) {
    for (Feed feed : feeds.of(topic.name())) {
      Topic known = feed.topic(topic.name());
      if (known == null) {
        continue;
      }
      try {
        change.of(feed, known);
      } catch (RuntimeException e) {
        LOG.atError()
            .addKeyValue(LogKeys.SUBSCRIPTION, feed.number())
            .addKeyValue(LogKeys.TOPIC, topic.name())
            .setCause(e)
            .log("What happened to a topic could not be carried out; its feed ends.");
        feeds.end(
            feed,
            new Ending.Log(new LogFailure.Internal("A change of a topic could not be followed.")));
      }
    }
  }

  /** What becomes of a feed, which knows the topic as {@code known}. */
  private interface Change {
    void of(Feed feed, Topic known);
  }
}
