package io.sluice.relay;

import java.util.concurrent.Future;

/** Wakes an event loop later. Called on its thread only. */
@FunctionalInterface
public interface LoopTimer {
  /**
   * Runs {@code task} on the loop's thread when {@code nanos}, 0 or more, have passed, unless what
   * is returned is cancelled before.
   */
  Future<?> after(long nanos, Runnable task);
}
