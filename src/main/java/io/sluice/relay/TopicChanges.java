package io.sluice.relay;

import io.sluice.log.Catalog;
import io.sluice.log.LiveLog;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Topic;
import java.util.ArrayList;
import java.util.List;

/**
 * What the catalog tells about watched topics, carried out on the reader's thread, between two
 * polls.
 */
final class TopicChanges implements Catalog.Listener {
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
    for (Feed feed : feeds.of(topic.name())) {
      Topic known = feed.topic(topic.name());
      if (known == null
          || !known.id().equals(topic.id())
          || known.partitionCount() >= topic.partitionCount()) {
        continue;
      }
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
  }

  private void delete(Topic topic) {
    for (Feed feed : feeds.of(topic.name())) {
      Topic known = feed.topic(topic.name());
      if (known == null || !known.id().equals(topic.id())) {
        continue; // made anew since, and watched
      }
      switch (feed.selection().topics()) {
        case Topics.Matching _ -> changes.leave(feed, topic.name());
        case Topics.Named _ ->
            feeds.end(feed, new Ending.Log(new LogFailure.TopicDeleted(topic.name())));
      }
    }
  }

  private void recreate(Topic now) {
    List<Feed> anew = new ArrayList<>();
    for (Feed feed : feeds.of(now.name())) {
      Topic known = feed.topic(now.name());
      if (known != null && !known.id().equals(now.id())) {
        anew.add(feed);
        changes.close(feed, now.name());
      }
    }
    for (Feed feed : anew) {
      feeds.put(feed, now);
      changes.open(feed, feed.selection().partitionsOf(now, catalog));
    }
  }
}
