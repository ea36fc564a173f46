package io.sluice.relay;

import io.sluice.log.Catalog;
import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.LiveLog;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Topic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the catalog tells about watched topics, carried out on the reader's thread, between two
 * polls.
 */
final class TopicChanges implements Catalog.Listener {
  private final LiveLog log;
  private final Feeds feeds;
  private final LivePartitions partitions;
  private final Builders builders;
  private final Replays replays;

  TopicChanges(
      LiveLog log, Feeds feeds, LivePartitions partitions, Builders builders, Replays replays) {
    this.log = log;
    this.feeds = feeds;
    this.partitions = partitions;
    this.builders = builders;
    this.replays = replays;
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
    List<Feed> growing = new ArrayList<>();
    for (Feed feed : feeds.of(topic.name())) {
      if (feed.topic().id().equals(topic.id())
          && feed.topic().partitionCount() < topic.partitionCount()) {
        growing.add(feed);
      }
    }
    open(growing, topic);
  }

  private void delete(Topic topic) {
    for (Feed feed : feeds.of(topic.name())) {
      if (!feed.topic().id().equals(topic.id())) {
        continue; // made anew since, and watched
      }
      feeds.endUnwatched(feed, new LogFailure.TopicDeleted(topic.name()));
    }
  }

  private void recreate(Topic now) {
    List<Feed> anew = new ArrayList<>();
    for (Feed feed : feeds.of(now.name())) {
      if (!feed.topic().id().equals(now.id())) {
        anew.add(feed);
        close(feed);
      }
    }
    open(anew, now);
  }

  private void close(Feed feed) {
    StretchBuilder builder = builders.take();
    for (FeedPartition partition : List.copyOf(feed.open())) {
      Long position = partitions.position(partition.partition());
      long from = position == null ? partition.start() : position;
      Gap gap = new Gap(partition.partition(), from, Gap.UNKNOWN, GapReason.TOPIC_RECREATED);
      builder.gap(partition.index(), gap, feed.encoder(), feed.window());
      feed.close(partition);
      partitions.leave(partition.partition(), feed);
    }
    builders.give(builder);
    wake(feed);
    // After the news: who waits for a slice of the old topic hears first that there is none.
    replays.forget(feed);
  }

  /**
   * Lets {@code growing} read all of {@code topic}. What is new begins at 0; what it lost already
   * is a gap.
   */
  private void open(List<Feed> growing, Topic topic) {
    for (Feed feed : growing) {
      feed.topic(topic);
      List<FeedPartition> added = new ArrayList<>();
      for (Partition partition : topic.partitions()) {
        if (feed.open(partition) == null) {
          added.add(feed.add(partitions.read(partition, 0)));
        }
      }
      feed.window().append(new PartitionsStretch(List.copyOf(added)));
      wake(feed);
    }
  }

  private static void wake(Feed feed) {
    Set<LoopRelay> loops = new HashSet<>();
    feed.tellGrown(loops);
    loops.forEach(LoopRelay::wake);
  }
}
