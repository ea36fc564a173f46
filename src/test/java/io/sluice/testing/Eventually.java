package io.sluice.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what nobody announces, up to a deadline. */
public final class Eventually {
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private Eventually() {}

  /**
   * Returns as soon as {@code condition} holds; fails with {@code otherwise} when it does not in
   * time.
   */
  public static void until(
      BooleanSupplier condition, Duration deadline, Supplier<String> otherwise) {
    if (!holds(condition, deadline)) {
      throw new AssertionError(otherwise.get());
    }
  }

  /** Whether {@code condition} came to hold in time. */
  public static boolean holds(BooleanSupplier condition, Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
        return condition.getAsBoolean();
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
    return true;
  }

  /** Lets {@code duration} pass, where passing time is what the test is about. */
  public static void pass(Duration duration) {
    holds(() -> false, duration);
  }
}
