package io.sluice.relay;

import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Topic;
import io.sluice.logging.LogKeys;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What changes in a feed that runs: partitions join, topics leave or are made again. Reader's
 * thread, between two polls.
 */
final class FeedChanges {
  private static final Logger LOG = LoggerFactory.getLogger(FeedChanges.class);

  /**
   * Places of partitions that are no more are not used again; 80 KB in every vector are enough of
   * them.
   */
  private static final int MOST_CLOSED = 10_000;

  private final Feeds feeds;
  private final LivePartitions partitions;
  private final Builders builders;
  private final Replays replays;
  private BiConsumer<Feed, String> onShut = (feed, topic) -> {};

  FeedChanges(Feeds feeds, LivePartitions partitions, Builders builders, Replays replays) {
    this.feeds = feeds;
    this.partitions = partitions;
    this.builders = builders;
    this.replays = replays;
  }

  /** A feed goes on without a topic that may still be there. Set once, before anything else. */
  void onShut(BiConsumer<Feed, String> action) {
    onShut = action;
  }

  /** {@code feed} has got {@code added}: tells its subscribers. */
  void tellAdded(Feed feed, List<FeedPartition> added) {
    feed.window().append(new PartitionsStretch(List.copyOf(added), List.of()));
    wake(feed);
  }

  /** The reader has stopped reading {@code stopped}, which {@code feed} wants. */
  void onStopped(Feed feed, LivePartition stopped, LogFailure failure) {
    Partition partition = stopped.partition();
    if (feed.selection().topics() instanceof Topics.Matching && TopicLookups.isAbsence(failure)) {
      LOG.atInfo()
          .addKeyValue(LogKeys.SUBSCRIPTION, feed.number())
          .addKeyValue(LogKeys.TOPIC, partition.topic())
          .log("A glob goes on without a topic: {}", failure.message());
      leave(feed, partition.topic());
      if (failure instanceof LogFailure.Forbidden) {
        // It is still written: that this does not come is told, and it comes from its oldest
        // record, if it comes again.
        tellAnother(feed, feed.takeGone(partition.topic()));
        wake(feed);
      }
      onShut.accept(feed, partition.topic());
    } else {
      feeds.end(feed, new Ending.Log(failure));
    }
  }

  /** {@code feed} goes on without the topic, where it has it. */
  void leave(Feed feed, String name) {
    Topic topic = feed.topic(name);
    if (topic == null) {
      return;
    }
    List<FeedPartition> leaving = feed.openOf(name);
    List<PartitionsStretch.Left> left = new ArrayList<>();
    for (FeedPartition partition : leaving) {
      left.add(new PartitionsStretch.Left(partition.index(), endOf(partition)));
    }
    feeds.leave(feed, topic, leaving);
    feed.window().append(new PartitionsStretch(List.of(), left));
    wake(feed);
    forget(feed, leaving);
    endWhereTooManyAreClosed(feed);
  }

  /** The topic of {@code feed} is another one: what is left of the old one is a gap without end. */
  void close(Feed feed, String name) {
    List<FeedPartition> closing = feed.openOf(name);
    closing.forEach(feed::close);
    tellAnother(feed, closing);
    wake(feed);
    forget(feed, closing);
    endWhereTooManyAreClosed(feed);
  }

  private void endWhereTooManyAreClosed(Feed feed) {
    if (feed.partitions().size() - feed.open().size() > MOST_CLOSED) {
      feeds.end(
          feed,
          new Ending.Log(
              new LogFailure.Unavailable(
                  "Very many partitions of its topics have come and gone: subscribe again.")));
    }
  }

  /**
   * A topic joins {@code feed}. If one of its name had left, then it is another one: who knew that
   * has to forget its positions there.
   */
  void enter(Feed feed, Topic topic) {
    tellAnother(feed, feed.takeGone(topic.name()));
    feeds.put(feed, topic);
  }

  private void tellAnother(Feed feed, List<FeedPartition> closed) {
    StretchBuilder builder = builders.take();
    try {
      for (FeedPartition partition : closed) {
        Gap gap =
            new Gap(
                partition.partition(), endOf(partition), Gap.UNKNOWN, GapReason.TOPIC_RECREATED);
        builder.gap(partition.index(), gap, feed.encoder(), feed.window());
      }
    } finally {
      builders.give(builder);
    }
  }

  /** Lets {@code feed} read {@code fresh}, which have just come to be, from their beginning. */
  void open(Feed feed, List<Partition> fresh) {
    List<FeedPartition> added = new ArrayList<>();
    for (Partition partition : fresh) {
      if (feed.open(partition) == null) {
        LivePartition live = partitions.read(partition, 0);
        added.add(feed.add(live, live.position()));
      }
    }
    if (!added.isEmpty()) {
      tellAdded(feed, added);
    }
  }

  private long endOf(FeedPartition partition) {
    LivePartition live = partitions.get(partition.partition());
    return live != null && live.progress() == partition.progress()
        ? live.position()
        : Math.max(partition.covered(), partition.progress().position());
  }

  /** After the news: who waits for a slice of what has gone hears first that it has. */
  private void forget(Feed feed, List<FeedPartition> gone) {
    for (FeedPartition partition : gone) {
      boolean last = partitions.leave(partition, feed);
      replays.forget(feed, partition);
      if (last) {
        replays.forgetSource(partition.progress());
      }
    }
  }

  private static void wake(Feed feed) {
    Set<LoopRelay> loops = new HashSet<>();
    feed.tellGrown(loops);
    loops.forEach(LoopRelay::wake);
  }
}
