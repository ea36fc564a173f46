package io.sluice.transport;

import io.sluice.relay.LoopTimer;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Finds out how long an event loop was kept from its tasks, by what runs on it, by a garbage
 * collection or by a machine without a free core: a clock on that loop that ticks, and looks how
 * late it does. Event-loop thread only.
 *
 * <p>While bytes move it ticks every 20 ms, so that whatever holds the loop for 40 ms is seen for
 * sure, and for most of its length; while nothing moves, there is nothing that could, and it falls
 * back to once a second.
 */
final class StallClock implements Runnable {
  /** Lateness above it is a stall: what a person notices begins here. */
  static final long STALL = TimeUnit.MILLISECONDS.toNanos(20);

  static final long SHORTEST_PERIOD = TimeUnit.MILLISECONDS.toNanos(20);
  static final long LONGEST_PERIOD = TimeUnit.SECONDS.toNanos(1);

  private final LoopTimer timer;
  private final TransportCounters counters;
  private final LongSupplier nanoTime;
  private long period = SHORTEST_PERIOD;
  private long due;
  private long moved;

  StallClock(LoopTimer timer, TransportCounters counters, LongSupplier nanoTime) {
    this.timer = timer;
    this.counters = counters;
    this.nanoTime = nanoTime;
  }

  /** Ticks from now on, as long as the loop runs. */
  void start() {
    schedule(nanoTime.getAsLong());
  }

  @Override
  public void run() {
    long now = nanoTime.getAsLong();
    long late = now - due;
    if (late > STALL) {
      counters.countStall(late);
    }
    long movedSince = counters.bytesIn() + counters.bytesOut();
    period = movedSince != moved ? SHORTEST_PERIOD : Math.min(2 * period, LONGEST_PERIOD);
    moved = movedSince;
    schedule(now);
  }

  private void schedule(long now) {
    due = now + period;
    var unused = timer.after(period, this);
  }
}
