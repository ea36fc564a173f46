package io.sluice.app;

import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells when an event loop does not get to its tasks for more than 20 ms. Each loop has a heart that beats every 5 ms; a
 * thread of its own looks at them every 2 ms. That thread is also the control: while it is late itself (a garbage
 * collection, a busy machine), nobody's lateness counts.
 *
 * <p>Prints {@code STALL …} with the loop's stack for each stall, and {@code WATCH …} with all numbers every second.
 */
final class StallWatch {
  private static final long LIMIT = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long BEAT = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(2);

  /** A look that comes later than this after the one before shows that the whole process was held up. */
  private static final long HELD_UP = TimeUnit.MILLISECONDS.toNanos(8);

  private static final long REPORT = TimeUnit.SECONDS.toNanos(1);

  /** One loop and its heart. */
  private static final class Watched {
    private final SingleThreadEventExecutor loop;
    private volatile long lastBeat = System.nanoTime();
    private volatile long beats;
    private boolean stalled;

    Watched(SingleThreadEventExecutor loop) {
      this.loop = loop;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: the loop
    void beat() {
      lastBeat = System.nanoTime();
      beats++;
    }
  }

  private final List<Watched> loops;
  private long stalls;
  private long worst;
  private long heldUp;

  StallWatch(List<SingleThreadEventExecutor> loops) {
    this.loops = loops.stream().map(Watched::new).toList();
  }

  void start() {
    for (Watched watched : loops) {
      var unused = watched.loop.scheduleWithFixedDelay(watched::beat, 0, BEAT, TimeUnit.NANOSECONDS);
    }
    Thread.ofPlatform().daemon().name("stall-watch").start(this::watch);
  }

  private void watch() {
    long last = System.nanoTime();
    long onTimeSince = last;
    long nextReport = last + REPORT;
    while (true) {
      LockSupport.parkNanos(LOOK);
      long now = System.nanoTime();
      if (now - last > HELD_UP) {
        heldUp++;
        onTimeSince = now;
      }
      last = now;
      for (Watched watched : loops) {
        look(watched, now, onTimeSince);
      }
      if (now - nextReport >= 0) {
        nextReport = now + REPORT;
        report();
      }
    }
  }

  private void look(Watched watched, long now, long onTimeSince) {
    long beat = watched.lastBeat;
    // Counted from when the machine let us run: being late together is not the loop's fault.
    long late = now - Math.max(beat, onTimeSince) - BEAT;
    worst = Math.max(worst, late);
    if (late <= LIMIT) {
      watched.stalled = false;
    } else if (!watched.stalled) {
      watched.stalled = true;
      stalls++;
      StringBuilder stack = new StringBuilder();
      for (StackTraceElement frame : watched.loop.threadProperties().stackTrace()) {
        stack.append(" < ").append(frame);
      }
      System.out.println("STALL " + watched.loop.threadProperties().name() + stack);
    }
  }

  private void report() {
    long beats = loops.stream().mapToLong(watched -> watched.beats).sum();
    System.out.println(
        "WATCH loops=" + loops.size() + " beats=" + beats + " stalls=" + stalls + " worstMillis="
            + TimeUnit.NANOSECONDS.toMillis(worst) + " heldUp=" + heldUp);
  }
}
