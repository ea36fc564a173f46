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
import java.util.Map;
import java.util.Set;

/** What the catalog tells about watched topics, carried out on the reader's thread, between two polls. */
final class TopicChanges implements Catalog.Listener {
  private final LiveLog log;
  private final Catalog catalog;
  private final Feeds feeds;
  private final LivePartitions partitions;
  private final Builders builders;
  private final Replays replays;

  TopicChanges(
      LiveLog log,
      Catalog catalog,
      Feeds feeds,
      LivePartitions partitions,
      Builders builders,
      Replays replays) {
    this.log = log;
    this.catalog = catalog;
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

  private void addPartitions(Topic topic) {
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
      List<FeedPartition> were = List.copyOf(feed.open());
      feeds.endUnwatched(feed, new LogFailure.TopicDeleted(topic.name()));
      were.forEach(partition -> partitions.stop(partition.partition()));
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
    for (Feed feed : anew) {
      for (FeedPartition partition : feed.partitions()) {
        if (feed.open(partition.partition()) == null) {
          partitions.stop(partition.partition());
        }
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
    }
    builders.give(builder);
    wake(feed);
    // After the news: who waits for a slice of the old topic hears first that there is none.
    replays.forget(feed);
  }

  /** Lets {@code growing} read all of {@code topic}: what is new to them from its oldest record. */
  private void open(List<Feed> growing, Topic topic) {
    Set<Partition> added = new HashSet<>();
    for (Feed feed : growing) {
      feed.topic(topic);
      feed.unsettle();
      topic.partitions().stream().filter(each -> feed.open(each) == null).forEach(added::add);
    }
    if (growing.isEmpty()) {
      return;
    }
    catalog
        .oldest(added)
        .whenComplete(
            (oldest, thrown) ->
                log.execute(
                    () -> {
                      for (Feed feed : growing) {
                        if (thrown != null) {
                          feeds.end(feed, Lookup.failure(thrown));
                        } else if (feeds.isCurrent(feed)) {
                          open(feed, topic, oldest);
                          feeds.retry(feed.settle());
                        }
                      }
                    }));
  }

  private void open(Feed feed, Topic topic, Map<Partition, Long> oldest) {
    List<FeedPartition> added = new ArrayList<>();
    for (Partition partition : topic.partitions()) {
      Long from = oldest.get(partition);
      if (feed.topic().id().equals(topic.id()) && feed.open(partition) == null && from != null) {
        added.add(feed.add(partitions.read(partition, from)));
      }
    }
    feed.window().append(new PartitionsStretch(List.copyOf(added)));
    wake(feed);
  }

  private static void wake(Feed feed) {
    Set<LoopRelay> loops = new HashSet<>();
    feed.tellGrown(loops);
    loops.forEach(LoopRelay::wake);
  }
}
