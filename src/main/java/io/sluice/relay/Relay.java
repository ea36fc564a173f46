package io.sluice.relay;

import io.netty.buffer.ByteBufAllocator;
import io.sluice.log.Isolation;
import io.sluice.log.LiveLog;
import io.sluice.log.ReadableLog;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** Gives every subscriber the records it is owed, each read and encoded once. One per process. */
public final class Relay {
  private final RelaySettings settings;
  private final LongSupplier nanoClock;
  private final RelayCounters counters = new RelayCounters();
  private final MemoryBudget budget;
  private final Stalls stalls;
  private final Map<Isolation, RelayReader> readers = new EnumMap<>(Isolation.class);
  private final ReaderInboxes inboxes;

  /**
   * @param logs the log as readers of each isolation see it; each live log has to be started with
   *     {@link #liveListener}
   * @param encoders make the encoder of a feed
   * @param nanoClock a clock that never goes back, in nanoseconds
   */
  public Relay(
      RelaySettings settings,
      Map<Isolation, ReadableLog> logs,
      EncoderFactory encoders,
      LongSupplier nanoClock) {
    this(settings, logs, encoders, nanoClock, ByteBufAllocator.DEFAULT);
  }

  Relay(
      RelaySettings settings,
      Map<Isolation, ReadableLog> logs,
      EncoderFactory encoders,
      LongSupplier nanoClock,
      ByteBufAllocator alloc) {
    this.settings = settings;
    this.nanoClock = nanoClock;
    this.budget = new MemoryBudget(settings.windowBytes(), counters.heldBytes);
    this.stalls = new Stalls(budget);
    RelayReader.Shared shared =
        new RelayReader.Shared(
            settings,
            encoders,
            alloc,
            budget,
            new FeedNumbers(settings.maxFeeds()),
            counters,
            nanoClock);
    Map<Isolation, ReaderInbox> byIsolation = new EnumMap<>(Isolation.class);
    logs.forEach((isolation, log) -> {
      RelayReader reader = new RelayReader(log, shared);
      readers.put(isolation, reader);
      byIsolation.put(isolation, reader.inbox());
    });
    this.inboxes = new ReaderInboxes(byIsolation);
    readers.forEach((isolation, reader) ->
        reader
            .intake()
            .onShort(() ->
                byIsolation.forEach((other, inbox) -> {
                  if (other != isolation) {
                    inbox.makeRoom();
                  }
                })));
  }

  /** What the live reader of {@code isolation}, one of those that were given, tells its news to. */
  public LiveLog.Listener liveListener(Isolation isolation) {
    return reader(isolation).intake();
  }

  /**
   * The part of the relay for one event loop. Any thread.
   *
   * @param eventLoop runs tasks on that loop's thread, in order
   * @param timer runs tasks on that loop's thread later
   */
  public LoopRelay loop(Executor eventLoop, LoopTimer timer) {
    LoopRelay loop =
        new LoopRelay(eventLoop, timer, settings, counters, budget, stalls, inboxes, nanoClock);
    stalls.add(loop);
    return loop;
  }

  /** What it has done and holds. Any thread. */
  public RelayCounters counters() {
    return counters;
  }

  Windows windows(Isolation isolation) {
    return reader(isolation).windows();
  }

  /** Lets go of the memory that is kept for the next poll; for tests that count it. */
  void releaseSpares() {
    readers.values().forEach(RelayReader::releaseSpares);
  }

  private RelayReader reader(Isolation isolation) {
    RelayReader reader = readers.get(isolation);
    if (reader == null) {
      throw new IllegalStateException("There is no reader for " + isolation + ".");
    }
    return reader;
  }
}
