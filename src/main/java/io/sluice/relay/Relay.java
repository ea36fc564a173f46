package io.sluice.relay;

import io.netty.buffer.ByteBufAllocator;
import io.sluice.log.Catalog;
import io.sluice.log.LiveLog;
import io.sluice.log.ReplayLog;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** Gives every subscriber the records it is owed, each read and encoded once. One per process. */
public final class Relay {
  private final RelaySettings settings;
  private final LongSupplier nanoClock;
  private final RelayCounters counters = new RelayCounters();
  private final MemoryBudget budget;
  private final Stalls stalls;
  private final Windows windows;
  private final ReaderInbox reader;
  private final Builders builders;
  private final LiveIntake intake;

  /**
   * @param live the head of the log; it has to be started with {@link #liveListener}
   * @param replay everything older
   * @param catalog topics and their ends
   * @param encoders make the encoder of a feed
   * @param nanoClock a clock that never goes back, in nanoseconds
   */
  public Relay(
      RelaySettings settings,
      LiveLog live,
      ReplayLog replay,
      Catalog catalog,
      EncoderFactory encoders,
      LongSupplier nanoClock) {
    this(settings, live, replay, catalog, encoders, nanoClock, ByteBufAllocator.DEFAULT);
  }

  Relay(
      RelaySettings settings,
      LiveLog live,
      ReplayLog replay,
      Catalog catalog,
      EncoderFactory encoders,
      LongSupplier nanoClock,
      ByteBufAllocator alloc) {
    this.settings = settings;
    this.nanoClock = nanoClock;
    this.budget = new MemoryBudget(settings.windowBytes(), counters.heldBytes);
    this.stalls = new Stalls(budget);
    this.builders = new Builders(alloc, settings);
    this.windows = new Windows(budget, settings.feedWindowBytes(), counters);
    LivePartitions partitions = new LivePartitions(live);
    Replays replays = new Replays(settings, live, replay, alloc, windows, counters, nanoClock);
    Feeds feeds =
        new Feeds(
            settings, catalog, encoders, alloc, partitions, windows, replays, counters, nanoClock);
    FeedChanges changes = new FeedChanges(feeds, partitions, builders, replays);
    Globs globs = new Globs(live, catalog, feeds, nanoClock);
    LatePartitions late =
        new LatePartitions(settings, live, catalog, partitions, feeds, changes, nanoClock);
    TopicChanges topicChanges = new TopicChanges(live, catalog, feeds, changes, late);
    globs.onFound(late::join);
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
              replays.onTick();
            });
    Admissions admissions =
        new Admissions(settings, live, catalog, partitions, feeds, changes, globs, late);
    this.reader = new ReaderInbox(live, admissions, feeds, replays);
  }

  /** What the live reader tells its news to. */
  public LiveLog.Listener liveListener() {
    return intake;
  }

  /**
   * The part of the relay for one event loop. Any thread.
   *
   * @param eventLoop runs tasks on that loop's thread, in order
   */
  public LoopRelay loop(Executor eventLoop) {
    LoopRelay loop =
        new LoopRelay(eventLoop, settings, counters, budget, stalls, reader, nanoClock);
    stalls.add(loop);
    return loop;
  }

  /** What it has done and holds. Any thread. */
  public RelayCounters counters() {
    return counters;
  }

  Windows windows() {
    return windows;
  }

  /** Lets go of the memory that is kept for the next poll; for tests that count it. */
  void releaseSpares() {
    builders.close();
  }
}
