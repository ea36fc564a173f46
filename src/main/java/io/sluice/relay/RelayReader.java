package io.sluice.relay;

import io.netty.buffer.ByteBufAllocator;
import io.sluice.log.Catalog;
import io.sluice.log.LiveLog;
import io.sluice.log.ReadableLog;
import java.util.function.LongSupplier;

/**
 * What of the relay belongs to one reader of the log, and so to its thread: feeds, windows,
 * replays, and all that happens to them.
 */
final class RelayReader {
  /**
   * What readers share.
   *
   * @param budget bounds the memory of all of them
   * @param numbers the numbers of their feeds, of which none is given twice
   */
  record Shared(
      RelaySettings settings,
      EncoderFactory encoders,
      ByteBufAllocator alloc,
      MemoryBudget budget,
      FeedNumbers numbers,
      RelayCounters counters,
      LongSupplier nanoClock) {}

  private final Windows windows;
  private final Builders builders;
  private final LiveIntake intake;
  private final ReaderInbox inbox;

  RelayReader(ReadableLog log, Shared shared) {
    RelaySettings settings = shared.settings();
    RelayCounters counters = shared.counters();
    LongSupplier nanoClock = shared.nanoClock();
    LiveLog live = log.live();
    Catalog catalog = log.catalog();
    this.builders = new Builders(shared.alloc(), settings);
    this.windows = new Windows(shared.budget(), settings.feedWindowBytes(), counters);
    LivePartitions partitions = new LivePartitions(live);
    Replays replays =
        new Replays(settings, live, log.replay(), shared.alloc(), windows, counters, nanoClock);
    Feeds feeds =
        new Feeds(
            settings,
            catalog,
            shared.encoders(),
            shared.alloc(),
            partitions,
            windows,
            replays,
            shared.numbers(),
            counters,
            nanoClock);
    FeedChanges changes = new FeedChanges(feeds, partitions, builders, replays);
    Globs globs = new Globs(live, catalog, feeds, nanoClock);
    LatePartitions late =
        new LatePartitions(settings, live, catalog, partitions, feeds, changes, nanoClock);
    TopicChanges topicChanges = new TopicChanges(live, catalog, feeds, changes, late);
    globs.onFound(late::join);
    ShutTopics shut = new ShutTopics(live, catalog, feeds, nanoClock, late::join);
    changes.onShut(shut::add);
    feeds.onGrowth(topicChanges::addPartitions);
    catalog.addListener(topicChanges);
    this.intake =
        new LiveIntake(
            partitions,
            feeds,
            changes,
            windows,
            builders,
            replays,
            counters,
            () -> {
              feeds.onTick();
              globs.onTick();
              late.onTick();
              shut.onTick();
              replays.onTick();
            });
    Admissions admissions =
        new Admissions(settings, live, catalog, partitions, feeds, changes, globs, late);
    this.inbox = new ReaderInbox(live, admissions, feeds, replays, intake);
  }

  /** What the reader tells its news to. */
  LiveIntake intake() {
    return intake;
  }

  /** What event loops, and other readers, ask of it. Any thread. */
  ReaderInbox inbox() {
    return inbox;
  }

  Windows windows() {
    return windows;
  }

  /** Lets go of the memory that is kept for the next poll. */
  void releaseSpares() {
    builders.close();
  }
}
