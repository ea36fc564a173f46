package io.sluice.kafka;

import static io.sluice.kafka.OpenLog.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Availability;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.PublishOutcome;
import io.sluice.log.PublishOutcome.Failed;
import io.sluice.log.PublishOutcome.Stored;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a publish when the producer, the topic or the brokers are not well. */
class KafkaPublisherTest {
  private final AtomicLong now = new AtomicLong();

  /** Producers hold what is sent until this is open. */
  private volatile CountDownLatch sending = new CountDownLatch(0);

  private volatile boolean isSending;
  private final FakeBrokers brokers = new FakeBrokers();
  private final KafkaCatalog catalog = new KafkaCatalog(brokers, System::nanoTime, fatal -> {});
  private final KafkaCounters counters = new KafkaCounters();
  private final CompletableFuture<Throwable> fatal = new CompletableFuture<>();
  private final Switch kafka = new Switch();
  private final ConcurrentLinkedQueue<MockProducer<byte[], byte[]>> producers =
      new ConcurrentLinkedQueue<>();
  private final MockProducer<byte[], byte[]> first = producer();
  private final PublishBudget budget = new PublishBudget(3, 1_000_000);
  private final KafkaPublisher publisher =
      new KafkaPublisher(
          catalog,
          brokers,
          kafka,
          budget,
          new Outcomes(counters),
          new ProducerSlot(producers::remove, now::get, counters),
          10_000,
          now::get,
          fatal::complete);

  @BeforeEach
  void start() {
    brokers.create("orders", 2);
    publisher.start();
  }

  @AfterEach
  void close() {
    publisher.close(Duration.ofSeconds(5));
    catalog.close();
  }

  @Test
  void aProducerThatFailedForGoodIsReplacedAndWhatItHeldIsUnknown() {
    MockProducer<byte[], byte[]> second = producer();
    CompletableFuture<PublishOutcome> held = publish("orders", "held");
    await(() -> first.history().size() == 1);
    first.errorNext(new OutOfOrderSequenceException("lost"));
    assertThat(failureOf(held)).isInstanceOf(LogFailure.TimedOut.class);
    await(first::closed);
    assertThat(failureOf(publish("orders", "too soon"))).isInstanceOf(LogFailure.Unavailable.class);
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
    CompletableFuture<PublishOutcome> next = publish("orders", "next");
    await(() -> second.history().size() == 1);
    second.completeNext();
    assertThat(OpenLog.await(next)).isEqualTo(new Stored(new Partition("orders", 0), 0, -1));
    assertThat(counters.producersReplaced.sum()).isEqualTo(1);
    assertThat(counters.publishes.sum())
        .isEqualTo(
            counters.published.sum()
                + counters.publishTimedOut.sum()
                + counters.publishUnavailable.sum());
  }

  @Test
  void aProducerThatRefusesToSendIsReplacedAndTheRecordWasNotSent() {
    first.sendException = new KafkaException("in an error state");
    assertThat(failureOf(publish("orders", "v"))).isInstanceOf(LogFailure.Unavailable.class);
    await(first::closed);
  }

  @Test
  void aTopicThatTheProducerDoesNotKnowYetIsTriedAgain() {
    first.sendException = new TimeoutException("Topic orders not present in metadata after 50 ms.");
    CompletableFuture<PublishOutcome> outcome = publish("orders", "v");
    await(() -> brokers.asked().size() >= 3);
    first.sendException = null;
    await(() -> first.history().size() == 1);
    first.completeNext();
    assertThat(OpenLog.await(outcome)).isInstanceOf(Stored.class);
  }

  @Test
  void aRecordThatCannotBeHandedOverForTwoSecondsIsUnavailable() {
    first.sendException = new TimeoutException("Topic orders not present in metadata after 50 ms.");
    CompletableFuture<PublishOutcome> outcome = publish("orders", "v");
    await(() -> brokers.asked().size() >= 2);
    now.addAndGet(TimeUnit.SECONDS.toNanos(2));
    assertThat(failureOf(outcome)).isInstanceOf(LogFailure.Unavailable.class);
    assertThat(first.closed()).isFalse();
  }

  @Test
  void recordsWaitForTheLookUpOfTheirTopicInOrderAndHoldUpNoOther() {
    OpenLog.await(catalog.topic("orders"));
    brokers.create("slow", 1);
    brokers.hold();
    publish("slow", "1");
    publish("slow", "2");
    publish("orders", "fast");
    await(() -> first.history().size() == 1);
    assertThat(first.history().getFirst().topic()).isEqualTo("orders");
    brokers.release();
    await(() -> first.history().size() == 3);
    assertThat(
            first.history().stream()
                .skip(1)
                .map(sent -> new String(sent.value(), StandardCharsets.UTF_8)))
        .containsExactly("1", "2");
    assertThat(List.of(first.completeNext(), first.completeNext(), first.completeNext()))
        .containsOnly(true);
  }

  @Test
  void aFullQueueRefusesAtOnceAndTakesAgainWhenThereIsRoom() {
    CompletableFuture<PublishOutcome> oldest = publish("orders", "1");
    publish("orders", "2");
    publish("orders", "3");
    await(() -> first.history().size() == 3);
    assertThat(failureOf(publish("orders", "4"))).isInstanceOf(LogFailure.Unavailable.class);
    first.completeNext();
    assertThat(OpenLog.await(oldest)).isInstanceOf(Stored.class);
    publish("orders", "5");
    await(() -> first.history().size() == 4);
    assertThat(budget.records()).isEqualTo(3);
  }

  @Test
  void howLongAPublishTookIsCountedUnlessItWasRefusedAtOnce() {
    CompletableFuture<PublishOutcome> stored = publish("orders", "1");
    await(() -> first.history().size() == 1);
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(40));
    first.completeNext();
    assertThat(OpenLog.await(stored)).isInstanceOf(Stored.class);
    kafka.on = false;
    assertThat(failureOf(publish("orders", "2"))).isInstanceOf(LogFailure.Unavailable.class);

    assertThat(Arrays.stream(counters.publishTime.counts()).sum()).isEqualTo(1);
    assertThat(counters.publishTime.seconds()).isBetween(0.0399, 0.0401);
    assertThat(counters.publishes.sum()).isEqualTo(2);
    assertThat(counters.publishBytes.sum()).isEqualTo(4); // two keys, two values
  }

  @Test
  void whileKafkaIsUnavailableNothingReachesTheProducer() {
    kafka.on = false;
    assertThat(failureOf(publish("orders", "v"))).isInstanceOf(LogFailure.Unavailable.class);
    kafka.on = true;
    brokers.hold();
    CompletableFuture<PublishOutcome> parked = publish("orders", "parked");
    await(() -> !brokers.asked().isEmpty());
    kafka.on = false;
    brokers.release();
    assertThat(failureOf(parked)).isInstanceOf(LogFailure.Unavailable.class);
    assertThat(first.history()).isEmpty();
    assertThat(budget.records()).isZero();
    assertThat(budget.bytes()).isZero();
  }

  @Test
  void aRecordThatTheTopicFindsTooLargeNamesTheTopicsLimit() {
    CompletableFuture<PublishOutcome> outcome = publish("orders", "v".repeat(2_000));
    await(() -> first.history().size() == 1);
    first.errorNext(new RecordTooLargeException());
    assertTooLarge(failureOf(outcome), 2_001, 1_000);
    assertTooLarge(failureOf(publish("orders", "v".repeat(10_000))), 10_001, 10_000);
  }

  @Test
  void theCloseAnswersWhatWaitsAndRefusesWhatComesLater() {
    brokers.hold();
    CompletableFuture<PublishOutcome> waiting = publish("orders", "v");
    await(() -> !brokers.asked().isEmpty());
    publisher.close(Duration.ofSeconds(1));
    assertThat(failureOf(waiting)).isInstanceOf(LogFailure.Unavailable.class);
    assertThat(failureOf(publish("orders", "late"))).isInstanceOf(LogFailure.Unavailable.class);
  }

  @Test
  void whatIsQueuedWhenTheCloseBeginsIsSentInItsOrder() {
    OpenLog.await(catalog.topic("orders"));
    sending = new CountDownLatch(1);
    publish("orders", "1");
    await(() -> isSending);
    publish("orders", "2");
    publish("orders", "3");
    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(() -> publisher.close(Duration.ofSeconds(5)));
    await(() -> failureOf(publish("orders", "late")).message().equals("This gateway is stopping."));
    sending.countDown();
    OpenLog.await(closed);
    assertThat(
            first.history().stream().map(sent -> new String(sent.value(), StandardCharsets.UTF_8)))
        .containsExactly("1", "2", "3");
    assertThat(first.closed()).isTrue();
  }

  @Test
  void anErrorEndsThePublisherAndIsTold() {
    Error error = new OutOfMemoryError("no heap");
    kafka.error = error;
    brokers.hold();
    publish("orders", "v");
    await(() -> !brokers.asked().isEmpty());
    kafka.armed = true;
    brokers.release();
    assertThat(OpenLog.await(fatal)).isSameAs(error);
  }

  private CompletableFuture<PublishOutcome> publish(String topic, String value) {
    CompletableFuture<PublishOutcome> outcome = new CompletableFuture<>();
    publisher.publish(record(topic, 0, "k", value), Runnable::run, outcome::complete);
    return outcome;
  }

  private MockProducer<byte[], byte[]> producer() {
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
          @Override
          public Future<RecordMetadata> send(
              ProducerRecord<byte[], byte[]> record, Callback callback) {
            isSending = true;
            try {
              sending.await();
            } catch (InterruptedException e) {
              throw new InterruptException(e);
            }
            return super.send(record, callback);
          }
        };
    producers.add(producer);
    return producer;
  }

  /** Kafka's limit counts its framing: about 90 B for a short key. */
  private static void assertTooLarge(LogFailure failure, long size, long kafkaLimit) {
    LogFailure.TooLarge refused = (LogFailure.TooLarge) failure;
    assertThat(refused.size()).isEqualTo(size);
    assertThat(refused.limit()).isBetween(kafkaLimit - 100, kafkaLimit - 70);
  }

  private static LogFailure failureOf(CompletableFuture<PublishOutcome> outcome) {
    return ((Failed) OpenLog.await(outcome)).failure();
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static final class Switch implements Availability {
    volatile boolean on = true;
    volatile boolean armed;
    volatile Error error = new Error();

    @Override
    public boolean isAvailable() {
      if (armed) {
        throw error;
      }
      return on;
    }

    @Override
    public CompletionStage<Boolean> first() {
      return CompletableFuture.completedFuture(on);
    }

    @Override
    public Instant since() {
      return Instant.EPOCH;
    }

    @Override
    public void addListener(Consumer<Boolean> listener) {}
  }
}
