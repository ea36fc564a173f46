package io.sluice.log;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Writes records. Never blocks the caller. */
public interface Publisher {
  /**
   * Writes {@code record} and hands its outcome, exactly once, to {@code onOutcome} on {@code
   * executor} (the caller's event loop; outcomes that arrive together are handed over in one task).
   * Any thread. Records of one caller for one partition are stored in the order of the calls.
   */
  void publish(OutgoingRecord record, Executor executor, Consumer<PublishOutcome> onOutcome);
}
