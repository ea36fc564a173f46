package io.sluice.log;

import java.util.function.Consumer;

/** Whether the brokers answer. */
public interface Availability {
  /** True while they do. Any thread. */
  boolean isAvailable();

  /** Calls {@code listener} at every change, with the new state, on a thread of the probe. */
  void addListener(Consumer<Boolean> listener);
}
