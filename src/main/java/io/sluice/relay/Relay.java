package io.sluice.relay;

import io.sluice.log.Catalog;
import io.sluice.log.LiveLog;
import io.sluice.log.ReplayLog;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** Gives every subscriber the records it is owed, each read and encoded once. One per process. */
public final class Relay {
  private final RelayCounters counters = new RelayCounters();

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
      LongSupplier nanoClock) {}

  /** What the live reader tells its news to. */
  public LiveLog.Listener liveListener() {
    throw new UnsupportedOperationException();
  }

  /**
   * The part of the relay for one event loop. Any thread.
   *
   * @param eventLoop runs tasks on that loop's thread, in order
   */
  public LoopRelay loop(Executor eventLoop) {
    throw new UnsupportedOperationException();
  }

  /** What it has done and holds. Any thread. */
  public RelayCounters counters() {
    return counters;
  }
}
