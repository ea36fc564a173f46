package io.sluice.kafka;

import io.sluice.log.OutgoingRecord;
import io.sluice.log.PublishOutcome;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A record between the call that publishes it and its outcome. */
final class Pending {
  final OutgoingRecord record;
  final Executor executor;
  final Consumer<PublishOutcome> onOutcome;

  /** When it was asked for, as {@link System#nanoTime} counts. */
  final long since;

  // Written and read by the publisher's thread only.
  boolean isBeingSent;
  @Nullable Throwable refused;

  Pending(
      OutgoingRecord record, Executor executor, Consumer<PublishOutcome> onOutcome, long since) {
    this.record = record;
    this.executor = executor;
    this.onOutcome = onOutcome;
    this.since = since;
  }
}
