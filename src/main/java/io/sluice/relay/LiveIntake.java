package io.sluice.relay;

import io.sluice.log.Batch;
import io.sluice.log.Gap;
import io.sluice.log.LiveLog;
import io.sluice.log.LogFailure;
import io.sluice.log.LogRecord;
import io.sluice.log.Partition;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what each poll brought to the feeds that want it, and tells the event loops once. Reader's
 * thread.
 */
final class LiveIntake implements LiveLog.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(LiveIntake.class);

  private final LivePartitions partitions;
  private final Feeds feeds;
  private final Windows windows;
  private final Builders builders;
  private final Replays replays;
  private final RelayCounters counters;
  private final Set<Feed> reached = new LinkedHashSet<>();
  private final Set<LivePartition> advanced = new LinkedHashSet<>();
  private final Set<LoopRelay> loops = new LinkedHashSet<>();

  LiveIntake(
      LivePartitions partitions,
      Feeds feeds,
      Windows windows,
      Builders builders,
      Replays replays,
      RelayCounters counters) {
    this.partitions = partitions;
    this.feeds = feeds;
    this.windows = windows;
    this.builders = builders;
    this.replays = replays;
    this.counters = counters;
  }

  @Override
  public void onBatch(Batch batch) {
    LivePartition live = partitions.get(batch.partition());
    if (live != null) {
      advanced.add(live);
      live.pass(batch.to(), batch.records(), this::append);
    }
  }

  @Override
  public void onGap(Gap gap) {
    LivePartition live = partitions.get(gap.partition());
    if (live != null) {
      advanced.add(live);
      live.pass(gap.to(), List.of(), (feed, index, none) -> append(feed, index, gap));
    }
  }

  @Override
  public void onStopped(Partition partition, LogFailure failure) {
    for (Feed feed : partitions.onStopped(partition)) {
      end(feed, failure);
    }
  }

  @Override
  public void onPollCompleted() {
    for (Feed feed : reached) {
      finish(feed);
    }
    windows.trim(window -> {
      Feed feed = feeds.of(window);
      if (feed != null) {
        reached.add(feed);
      }
    });
    replays.shrink(windows.excess()); // only where no window can give any more
    advanced.forEach(LivePartition::publish);
    advanced.clear();
    reached.forEach(feed -> feed.tellGrown(loops));
    reached.clear();
    loops.forEach(LoopRelay::wake);
    loops.clear();
    feeds.onTick();
    replays.onTick();
  }

  private void append(Feed feed, int index, List<LogRecord> records) {
    reached.add(feed);
    try {
      for (LogRecord record : records) {
        builder(feed).add(index, record, feed.encoder(), feed.window());
      }
      counters.recordsEncoded.add(records.size());
    } catch (RuntimeException e) {
      fail(feed, e);
    }
  }

  private void append(Feed feed, int index, Gap gap) {
    reached.add(feed);
    try {
      builder(feed).gap(index, gap, feed.encoder(), feed.window());
    } catch (RuntimeException e) {
      fail(feed, e);
    }
  }

  private void finish(Feed feed) {
    StretchBuilder builder = feed.builder();
    if (builder == null) {
      return;
    }
    try {
      builder.finish(feed.encoder(), feed.window());
    } catch (RuntimeException e) {
      fail(feed, e);
      return;
    }
    feed.builder(null);
    builders.give(builder);
  }

  private StretchBuilder builder(Feed feed) {
    StretchBuilder builder = feed.builder();
    if (builder == null) {
      builder = builders.take();
      feed.builder(builder);
    }
    return builder;
  }

  private void fail(Feed feed, RuntimeException e) {
    LOG.error("{} ends: a record could not be encoded", feed, e);
    end(feed, new LogFailure.Internal("A record could not be encoded."));
  }

  private void end(Feed feed, LogFailure failure) {
    StretchBuilder builder = feed.builder();
    if (builder != null) {
      feed.builder(null);
      builders.give(builder);
    }
    feeds.end(feed, failure);
  }
}
