package io.sluice.log;

import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Whether the brokers answer. */
public interface Availability {
  /** True while they do. Any thread. */
  boolean isAvailable();

  /**
   * What was found out first; before that they are taken to be available. Completed on a thread of
   * the probe.
   */
  CompletionStage<Boolean> first();

  /** Since when it is as it is, by the wall clock: for people. Any thread. */
  Instant since();

  /** Calls {@code listener} at every change, with the new state, on a thread of the probe. */
  void addListener(Consumer<Boolean> listener);
}
