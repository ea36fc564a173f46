package io.sluice.app;

import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells when an event loop was kept from its tasks for more than 20 ms by what runs on it. Each
 * loop has a heart that beats every 5 ms. Not the loop's fault, and taken off, is the time that the
 * kernel let its thread wait for a core ({@code /proc/thread-self/schedstat}), and the time in
 * which the whole process stood, such as a garbage collection: a thread that does nothing but look
 * at the clock was held up then too.
 *
 * <p>Prints {@code STALL …} with the stack that the loop had for each stall, and {@code WATCH …}
 * with all numbers every second.
 */
final class StallWatch {
  private static final long LIMIT = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long BEAT = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(2);

  /**
   * A look that comes later than this after the one before shows that the whole process was held
   * up.
   */
  private static final long HELD_UP = TimeUnit.MILLISECONDS.toNanos(6);

  private static final long REPORT = TimeUnit.SECONDS.toNanos(1);
  private static final Path SCHEDSTAT = Path.of("/proc/thread-self/schedstat");

  /** A stretch of time, and how much of it counts. */
  private record Interval(long from, long to, long counted) {
    long overlap(Interval other) {
      return Math.max(0, Math.min(to, other.to) - Math.max(from, other.from));
    }
  }

  /** One loop and its heart. The heart's fields are the loop's, {@code stack} is the watch's. */
  private static final class Watched {
    private final SingleThreadEventExecutor loop;
    private final Queue<Interval> late = new ConcurrentLinkedQueue<>();
    private long starved;
    private volatile long lastBeat;
    private volatile long beats;
    private long stackOf;
    private String stack = "";

    Watched(SingleThreadEventExecutor loop) {
      this.loop = loop;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: the loop
    void beat() {
      long nowStarved = starvedNanos();
      long now = System.nanoTime();
      long last = lastBeat;
      if (last != 0) {
        long counted = now - last - BEAT - (nowStarved - starved);
        if (counted > LIMIT) {
          late.add(new Interval(last, now, counted));
        }
      }
      starved = nowStarved;
      lastBeat = System.nanoTime();
      beats++;
    }

    /** Keeps the loop's stack once a beat is overdue. */
    void look(long now) {
      long beat = lastBeat;
      if (beat != 0 && now - beat - BEAT > LIMIT && stackOf != beat) {
        stackOf = beat;
        StringBuilder frames = new StringBuilder();
        for (StackTraceElement frame : loop.threadProperties().stackTrace()) {
          frames.append(" < ").append(frame);
        }
        stack = frames.toString();
      }
    }
  }

  private final List<Watched> loops;
  private final Deque<Interval> heldUp = new ArrayDeque<>();
  private int heldUpTimes;
  private long stalls;
  private long worst;

  StallWatch(List<SingleThreadEventExecutor> loops) {
    this.loops = loops.stream().map(Watched::new).toList();
  }

  void start() {
    for (Watched watched : loops) {
      var unused =
          watched.loop.scheduleWithFixedDelay(watched::beat, 0, BEAT, TimeUnit.NANOSECONDS);
    }
    Thread.ofPlatform().daemon().name("stall-watch").start(this::watch);
  }

  private void watch() {
    long last = System.nanoTime();
    long lastStarved = starvedNanos();
    long nextReport = last + REPORT;
    while (true) {
      LockSupport.parkNanos(LOOK);
      long now = System.nanoTime();
      if (now - last > HELD_UP) {
        long starved = starvedNanos();
        if (now - last - (starved - lastStarved) > HELD_UP) {
          heldUpTimes++;
          heldUp.add(new Interval(last, now, 0));
        }
      }
      last = now;
      lastStarved = starvedNanos();
      for (Watched watched : loops) {
        watched.look(now);
        judge(watched, now);
      }
      heldUp.removeIf(interval -> now - interval.to() > 10 * REPORT);
      if (now - nextReport >= 0) {
        nextReport = now + REPORT;
        report();
      }
    }
  }

  /** Judges what is so long ago that the watch knows whether all were held up. */
  private void judge(Watched watched, long now) {
    for (Iterator<Interval> each = watched.late.iterator(); each.hasNext(); ) {
      Interval late = each.next();
      if (now - late.to() < REPORT / 10) {
        return;
      }
      each.remove();
      long counted = late.counted() - heldUp.stream().mapToLong(late::overlap).sum();
      worst = Math.max(worst, counted);
      if (counted > LIMIT) {
        stalls++;
        System.out.println(
            "STALL of "
                + TimeUnit.NANOSECONDS.toMillis(counted)
                + " ms in "
                + watched.loop.threadProperties().name()
                + (watched.stackOf == late.from() ? watched.stack : ""));
      }
    }
  }

  private void report() {
    long beats = loops.stream().mapToLong(watched -> watched.beats).sum();
    System.out.println(
        "WATCH loops="
            + loops.size()
            + " beats="
            + beats
            + " stalls="
            + stalls
            + " worstMillis="
            + TimeUnit.NANOSECONDS.toMillis(worst)
            + " heldUp="
            + heldUpTimes);
  }

  /**
   * For how long the calling thread has waited for a core in its life; 0 where the kernel does not
   * say.
   */
  private static long starvedNanos() {
    if (!Files.exists(SCHEDSTAT)) {
      return 0;
    }
    try {
      return Long.parseLong(Files.readString(SCHEDSTAT).split(" ", -1)[1]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
