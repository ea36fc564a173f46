package io.sluice.testing;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/** Hands tasks to an executor when the test's clock has come so far, and the test says so. */
public final class ManualTimer {
  private record Timed(long due, Runnable task, CompletableFuture<Void> handle) {}

  private final PriorityQueue<Timed> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Timed::due));
  private final Executor executor;
  private final LongSupplier clock;

  public ManualTimer(Executor executor, LongSupplier clock) {
    this.executor = executor;
    this.clock = clock;
  }

  /** Keeps {@code task} for later; hands it over where that is now. */
  public Future<?> after(long nanos, Runnable task) {
    Timed timed = new Timed(clock.getAsLong() + nanos, task, new CompletableFuture<>());
    if (nanos <= 0) {
      hand(timed);
    } else {
      tasks.add(timed);
    }
    return timed.handle;
  }

  /** How many tasks wait that nobody has cancelled. */
  public int waiting() {
    tasks.removeIf(timed -> timed.handle.isCancelled());
    return tasks.size();
  }

  /** Hands over what is due. */
  public void ring() {
    while (!tasks.isEmpty() && tasks.peek().due <= clock.getAsLong()) {
      hand(tasks.remove());
    }
  }

  private void hand(Timed timed) {
    executor.execute(() -> {
      if (!timed.handle.isCancelled()) {
        timed.task.run();
      }
    });
  }
}
