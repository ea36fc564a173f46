package io.sluice.kafka;

import io.sluice.log.Batch;
import io.sluice.log.Gap;
import io.sluice.log.LiveLog;
import io.sluice.log.LogFailure;
import io.sluice.log.LogRecord;
import io.sluice.log.Partition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Writes down what the live reader tells, as values, for a test to wait for. */
final class RecordingListener implements LiveLog.Listener {
  /** A record with this value makes the listener throw. */
  static final String FAIL = "fail";

  private final List<Event> events = new ArrayList<>();
  private int polls;

  /** One thing that was told. */
  sealed interface Event {
    Partition partition();
  }

  record Read(Partition partition, long from, long to, List<String> values, long at)
      implements Event {}

  record Missing(Gap gap) implements Event {
    @Override
    public Partition partition() {
      return gap.partition();
    }
  }

  record Stopped(Partition partition, LogFailure failure) implements Event {}

  @Override
  public synchronized void onBatch(Batch batch) {
    List<String> values = batch.records().stream().map(RecordingListener::value).toList();
    add(new Read(batch.partition(), batch.from(), batch.to(), values, System.nanoTime()));
    if (values.contains(FAIL)) {
      throw new IllegalStateException("a test's own mistake");
    }
  }

  @Override
  public synchronized void onGap(Gap gap) {
    add(new Missing(gap));
  }

  @Override
  public synchronized void onStopped(Partition partition, LogFailure failure) {
    add(new Stopped(partition, failure));
  }

  @Override
  public synchronized void onPollCompleted() {
    polls++;
    notifyAll();
  }

  /** Waits until so many polls were completed. */
  synchronized void awaitPolls(int count) {
    long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (polls < count) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("Only " + polls + " polls.");
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  static String value(LogRecord record) {
    ByteBuffer value = record.value();
    return value == null
        ? "<tombstone>"
        : StandardCharsets.UTF_8.decode(value.duplicate()).toString();
  }

  synchronized List<Event> of(Partition partition) {
    return events.stream().filter(event -> event.partition().equals(partition)).toList();
  }

  synchronized List<Read> reads(Partition partition) {
    return of(partition).stream().filter(Read.class::isInstance).map(Read.class::cast).toList();
  }

  synchronized List<String> values(Partition partition) {
    return reads(partition).stream().flatMap(read -> read.values().stream()).toList();
  }

  /** Waits until what was told about {@code partition} satisfies {@code condition}. */
  synchronized List<Event> await(
      Partition partition, Duration most, Predicate<List<Event>> condition) {
    long deadline = System.nanoTime() + most.toNanos();
    while (!condition.test(of(partition))) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("Not within " + most + "; told so far: " + of(partition));
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    return of(partition);
  }

  /** Waits until {@code partition} was scanned up to {@code to}. */
  void awaitScanned(Partition partition, long to) {
    await(
        partition,
        Duration.ofSeconds(15),
        told -> told.stream().anyMatch(event -> event instanceof Read read && read.to() >= to));
  }

  private void add(Event event) {
    events.add(event);
    notifyAll();
  }
}
