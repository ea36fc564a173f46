package io.sluice.relay;

import java.time.Duration;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Who of a loop is to have a turn at a later moment: one timer for all of them. Its event loop's
 * thread.
 */
final class Timetable {
  /** Those that are due within one are woken together. */
  private static final long GRAIN = Duration.ofMillis(1).toNanos();

  /** How many are woken in one task: a turn of theirs is queued, and not yet taken. */
  private static final int SLICE = 1024;

  private static final Comparator<Entry> ORDER =
      (a, b) -> a.due == b.due ? Long.compare(a.number, b.number) : Long.signum(a.due - b.due);

  /**
   * @param due nanoseconds of the loop's clock
   * @param number distinguishes those that are due together
   */
  record Entry(long due, long number, Subscriber subscriber) {}

  private final LoopRelay loop;
  private final TreeSet<Entry> entries = new TreeSet<>(ORDER);
  private long lastNumber;
  private @Nullable Future<?> timer;
  private long timerDue;

  Timetable(LoopRelay loop) {
    this.loop = loop;
  }

  /** Wakes {@code subscriber} at {@code due} or up to a millisecond later. */
  Entry add(long due, Subscriber subscriber) {
    long rounded = due + Math.floorMod(-due, GRAIN);
    Entry entry = new Entry(rounded, ++lastNumber, subscriber);
    entries.add(entry);
    arm();
    return entry;
  }

  /** Does not wake it. */
  void remove(Entry entry) {
    entries.remove(entry);
  }

  private void wake() {
    timer = null;
    long now = loop.now();
    try {
      for (int i = 0; i < SLICE && !entries.isEmpty() && entries.getFirst().due - now <= 0; i++) {
        entries.removeFirst().subscriber.onDue();
      }
    } finally {
      arm();
    }
  }

  /** A timer that rings for nobody any more is left alone: it rings once. */
  private void arm() {
    if (entries.isEmpty()) {
      return;
    }
    long due = entries.getFirst().due;
    if (timer != null) {
      if (due - timerDue >= 0) {
        return;
      }
      timer.cancel(false);
    }
    timerDue = due;
    timer = loop.after(Math.max(0, due - loop.now()), this::wake);
  }
}
