package io.sluice.kafka;

import io.sluice.log.OutgoingRecord;
import io.sluice.log.PublishOutcome;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A record between the call that publishes it and its outcome. One object for all of its way: it is
 * the task that hands the record to the producer, and what the producer calls back.
 */
final class Pending implements Runnable, Callback {
  final OutgoingRecord record;
  final Executor executor;
  final Consumer<PublishOutcome> onOutcome;

  /** When it was asked for, as {@link System#nanoTime} counts. */
  final long since;

  private final KafkaPublisher publisher;

  /** Which producer has it. Written before that producer gets it, whose thread may read it. */
  int generation;

  // Written and read by the publisher's thread only.
  boolean isBeingSent;
  @Nullable Throwable refused;

  Pending(
      KafkaPublisher publisher,
      OutgoingRecord record,
      Executor executor,
      Consumer<PublishOutcome> onOutcome,
      long since) {
    this.publisher = publisher;
    this.record = record;
    this.executor = executor;
    this.onOutcome = onOutcome;
    this.since = since;
  }

  @Override
  public void run() {
    publisher.dispatch(this);
  }

  @Override
  public void onCompletion(@Nullable RecordMetadata stored, @Nullable Exception failure) {
    publisher.completed(this, stored, failure);
  }
}
