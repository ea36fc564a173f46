package io.sluice.relay;

import io.sluice.log.Batch;
import io.sluice.log.Gap;
import io.sluice.log.LiveLog;
import io.sluice.log.LogFailure;
import io.sluice.log.LogRecord;
import io.sluice.log.Partition;
import io.sluice.logging.LogKeys;
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
  private final FeedChanges changes;
  private final Windows windows;
  private final Builders builders;
  private final Replays replays;
  private final RelayCounters counters;
  private final Runnable onTick;
  private final Set<Feed> reached = new LinkedHashSet<>();
  private final Set<LivePartition> advanced = new LinkedHashSet<>();
  private final Set<LoopRelay> loops = new LinkedHashSet<>();
  private Runnable onShort = () -> {};

  /**
   * @param onTick does what is due, after every poll
   */
  LiveIntake(
      LivePartitions partitions,
      Feeds feeds,
      FeedChanges changes,
      Windows windows,
      Builders builders,
      Replays replays,
      RelayCounters counters,
      Runnable onTick) {
    this.partitions = partitions;
    this.feeds = feeds;
    this.changes = changes;
    this.windows = windows;
    this.builders = builders;
    this.replays = replays;
    this.counters = counters;
    this.onTick = onTick;
  }

  @Override
  public void onBatch(Batch batch) {
    LivePartition live = partitions.get(batch.partition());
    if (live != null) {
      advanced.add(live);
      counters.keyLookups.add(live.pass(batch.to(), batch.records(), this::append));
    }
  }

  @Override
  public void onGap(Gap gap) {
    LivePartition live = partitions.get(gap.partition());
    if (live != null) {
      advanced.add(live);
      live.passGap(gap.to(), (feed, index, none) -> append(feed, index, gap));
    }
  }

  @Override
  public void onStopped(Partition partition, LogFailure failure) {
    LivePartition live = partitions.onStopped(partition);
    if (live == null) {
      return;
    }
    List<Feed> readers = live.feeds();
    readers.forEach(this::finish); // what came before stands before its end
    advanced.remove(live);
    live.publish(reached);
    readers.forEach(feed -> changes.onStopped(feed, live, failure));
    replays.forgetSource(live.progress());
  }

  @Override
  public void onPollCompleted() {
    for (Feed feed : List.copyOf(reached)) {
      finish(feed);
    }
    trim();
    if (windows.excess() > 0) {
      onShort.run();
    }
    advanced.forEach(live -> live.publish(reached));
    advanced.clear();
    tell();
    onTick.run();
  }

  /** Memory is short, and not because of what was read here. Between two polls. */
  void makeRoom() {
    trim();
    tell();
  }

  /**
   * All that may be let go here did not suffice: {@code action} asks others. Set once, before
   * anything else.
   */
  void onShort(Runnable action) {
    onShort = action;
  }

  private void trim() {
    windows.trim(window -> {
      Feed feed = window.feed;
      if (feed != null) {
        reached.add(feed);
      }
    });
    replays.shrink(windows.excess()); // only where no window can give any more
  }

  private void tell() {
    reached.forEach(feed -> feed.tellGrown(loops));
    reached.clear();
    loops.forEach(LoopRelay::wake);
    loops.clear();
  }

  private void append(Feed feed, int index, List<LogRecord> records) {
    reached.add(feed);
    try {
      for (LogRecord record : records) {
        builder(feed).add(index, record, feed.maxRecordBytes(), feed.encoder(), feed.window());
      }
      counters.recordsEncoded.add(records.size());
    } catch (RuntimeException e) {
      fail(feed, e);
      return;
    }
    if (feed.recordKey() != null) {
      // A poll may bring something for a thousand of them: none keeps a builder until its end.
      finish(feed);
    }
  }

  private void append(Feed feed, int index, Gap gap) {
    reached.add(feed);
    try {
      builder(feed).gap(index, gap, feed.encoder(), feed.window());
    } catch (RuntimeException e) {
      fail(feed, e);
      return;
    }
    if (feed.recordKey() != null) {
      finish(feed);
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
    LOG.atError()
        .addKeyValue(LogKeys.SUBSCRIPTION, feed.number())
        .setCause(e)
        .log("A record could not be encoded; its feed ends.");
    StretchBuilder builder = feed.builder();
    if (builder != null) {
      feed.builder(null);
      builders.give(builder);
    }
    feeds.end(feed, new Ending.Log(new LogFailure.Internal("A record could not be encoded.")));
  }
}
