package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.kafka.DoubtfulOffsets.Verdict;
import io.sluice.kafka.RecordingListener.Read;
import io.sluice.kafka.RecordingListener.Stopped;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.testing.Eventually;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the live reader does when polls fail; the rest is seen with a real broker. */
class LiveReaderTest {
  private static final Partition A = new Partition("a", 0);
  private static final Partition B = new Partition("b", 0);

  private final Queue<MockConsumer<ByteBuffer, ByteBuffer>> consumers = new ArrayDeque<>();
  private final RecordingListener heard = new RecordingListener();
  private final CompletableFuture<Verdict> verdict = new CompletableFuture<>();
  private final CountDownLatch doubted = new CountDownLatch(1);
  private final KafkaCounters counters = new KafkaCounters();
  private final CompletableFuture<Throwable> fatal = new CompletableFuture<>();
  private final LiveReader reader =
      new LiveReader(
          "live",
          () -> consumers.remove(),
          (partition, offset) -> {
            doubted.countDown();
            return verdict;
          },
          counters,
          fatal::complete);

  @AfterEach
  void close() {
    reader.close(Duration.ofSeconds(5));
  }

  @Test
  void aFailureOfAllPartitionsReplacesTheConsumerAndKeepsThePositions() {
    MockConsumer<ByteBuffer, ByteBuffer> first = consumer();
    first.schedulePollTask(() -> add(first, A, 0, 5, 1));
    first.schedulePollTask(() -> first.setPollException(new KafkaException("broken altogether")));
    MockConsumer<ByteBuffer, ByteBuffer> second = consumer();
    second.schedulePollTask(() -> add(second, A, 3, 8, 1));
    reader.execute(() -> reader.read(A, 0));
    reader.start(heard);
    heard.awaitScanned(A, 8);
    assertThat(heard.values(A)).containsExactly("0", "1", "2", "3", "4", "5", "6", "7");
    assertThat(heard.reads(A)).extracting(Read::from).containsExactly(0L, 5L);
    assertThat(first.closed()).isTrue();
    assertThat(counters.liveConsumersReplaced.sum()).isEqualTo(1);
  }

  @Test
  void itIsAClockAlsoWhileThereIsNothingToPollFor() {
    reader.start(heard);
    heard.awaitPolls(3);
  }

  @Test
  void tasksWithoutEndDoNotKeepItFromReading() {
    MockConsumer<ByteBuffer, ByteBuffer> consumer = consumer();
    consumer.schedulePollTask(() -> add(consumer, A, 0, 3, 1));
    AtomicBoolean over = new AtomicBoolean();
    Runnable endless =
        new Runnable() {
          @Override
          public void run() {
            if (!over.get()) {
              reader.execute(this);
            }
          }
        };
    reader.execute(() -> reader.read(A, 0));
    reader.execute(endless);
    reader.start(heard);
    heard.awaitScanned(A, 3);
    over.set(true);
  }

  @Test
  void oneWakeUpIsEnoughForAllTasksThatComeDuringAPoll() throws InterruptedException {
    AtomicInteger wakeUps = new AtomicInteger();
    MockConsumer<ByteBuffer, ByteBuffer> consumer =
        new MockConsumer<>("none") {
          @Override
          public synchronized void wakeup() {
            wakeUps.incrementAndGet();
            super.wakeup();
          }
        };
    consumers.add(consumer);
    CompletableFuture<Integer> woken = new CompletableFuture<>();
    CountDownLatch tasks = new CountDownLatch(3);
    consumer.schedulePollTask(() -> {
      int before = wakeUps.get();
      for (int i = 0; i < 3; i++) {
        reader.execute(tasks::countDown);
      }
      woken.complete(wakeUps.get() - before);
    });
    reader.execute(() -> reader.read(A, 0));
    reader.start(heard);
    assertThat(woken).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(1);
    assertThat(tasks.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aTopicThatMayNotBeReadStopsAndTheRestGoesOn() {
    MockConsumer<ByteBuffer, ByteBuffer> consumer = consumer();
    consumer.schedulePollTask(
        () -> consumer.setPollException(new TopicAuthorizationException(Set.of("a"))));
    consumer.schedulePollTask(() -> add(consumer, B, 0, 2, 1));
    readBoth();
    heard.awaitScanned(B, 2);
    assertThat(heard.of(A))
        .containsExactly(new Stopped(A, new LogFailure.Forbidden("a", "reading")));
    assertThat(consumer.assignment()).containsExactly(new TopicPartition("b", 0));
  }

  @Test
  void aBatchThatTheListenerFailsOverEndsItsPartitionAndIsNotLeftOut() {
    MockConsumer<ByteBuffer, ByteBuffer> consumer = consumer();
    consumer.schedulePollTask(() -> add(consumer, A, 0, RecordingListener.FAIL, 1));
    consumer.schedulePollTask(() -> add(consumer, B, 0, 2, 1));
    readBoth();
    heard.awaitScanned(B, 2);
    assertThat(heard.of(A).getLast())
        .isInstanceOfSatisfying(
            Stopped.class,
            stopped -> assertThat(stopped.failure()).isInstanceOf(LogFailure.Internal.class));
    assertThat(consumer.assignment()).containsExactly(new TopicPartition("b", 0));
  }

  @Test
  void aCorruptRecordStopsItsPartitionOnly() {
    MockConsumer<ByteBuffer, ByteBuffer> consumer = consumer();
    consumer.schedulePollTask(() ->
        consumer.setPollException(
            new KafkaException(
                "Received exception when fetching the next record from a-0. If needed, …")));
    consumer.schedulePollTask(() -> add(consumer, B, 0, 2, 1));
    readBoth();
    heard.awaitScanned(B, 2);
    assertThat(heard.of(A))
        .singleElement()
        .isInstanceOfSatisfying(
            Stopped.class,
            stopped -> assertThat(stopped.failure()).isInstanceOf(LogFailure.Internal.class));
    assertThat(counters.liveConsumersReplaced.sum()).isZero();
  }

  @Test
  void recordsOfAnOlderLeaderEpochAreHeldBackUntilItIsKnownWhoseTheyAre()
      throws InterruptedException {
    MockConsumer<ByteBuffer, ByteBuffer> consumer = consumer();
    consumer.schedulePollTask(() -> add(consumer, A, 0, 3, 7));
    consumer.schedulePollTask(() -> add(consumer, A, 3, 5, 2));
    reader.execute(() -> reader.read(A, 0));
    reader.start(heard);
    assertThat(doubted.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(heard.values(A)).containsExactly("0", "1", "2");
    verdict.complete(new DoubtfulOffsets.Replaced());
    reader.execute(() -> {
      reader.stop(A);
      reader.read(A, 0);
    });
    consumer.schedulePollTask(() -> add(consumer, A, 0, 1, 2));
    heard.await(A, Duration.ofSeconds(10), told -> told.size() == 2);
    assertThat(heard.reads(A).getLast().from()).isZero();
    assertThat(heard.reads(A).getLast().to()).isEqualTo(1);
  }

  @Test
  void aDoubtThatNobodyCanSettleLeadsToReadingAgain() {
    MockConsumer<ByteBuffer, ByteBuffer> consumer = consumer();
    consumer.schedulePollTask(() -> add(consumer, A, 0, 3, 7));
    consumer.schedulePollTask(() -> add(consumer, A, 3, 5, 2));
    verdict.completeExceptionally(new KafkaException("nobody knows"));
    reader.execute(() -> reader.read(A, 0));
    reader.start(heard);
    heard.awaitScanned(A, 3);
    consumer.schedulePollTask(() -> add(consumer, A, 3, 6, 2));
    heard.awaitScanned(A, 6);
    assertThat(heard.values(A)).containsExactly("0", "1", "2", "3", "4", "5");
  }

  @Test
  void aPartitionIsReadOnceOnly() {
    MockConsumer<ByteBuffer, ByteBuffer> consumer = consumer();
    CompletableFuture<Boolean> refused = new CompletableFuture<>();
    reader.execute(() -> reader.read(A, 0));
    reader.execute(() -> {
      try {
        reader.read(A, 3);
        refused.complete(false);
      } catch (IllegalStateException e) {
        refused.complete(true);
      }
    });
    reader.start(heard);
    assertThat(OpenLog.await(refused)).isTrue();
    assertThat(consumer.closed()).isFalse();
  }

  @Test
  void anEmptyPollLastsNoLongerThanAFifthOfASecond() {
    CompletableFuture<Duration> timeout = new CompletableFuture<>();
    consumers.add(
        new MockConsumer<ByteBuffer, ByteBuffer>("none") {
          @Override
          public synchronized ConsumerRecords<ByteBuffer, ByteBuffer> poll(Duration longest) {
            if (!longest.isZero()) {
              timeout.complete(longest);
            }
            return super.poll(longest);
          }
        });
    reader.execute(() -> reader.read(A, 0));
    reader.start(heard);
    assertThat(OpenLog.await(timeout)).isLessThanOrEqualTo(Duration.ofMillis(200));
  }

  @Test
  void anErrorEndsTheReaderAndIsTold() {
    Error error = new OutOfMemoryError("no direct memory");
    reader.execute(() -> {
      throw error;
    });
    reader.start(heard);
    assertThat(OpenLog.await(fatal)).isSameAs(error);
  }

  @Test
  void howFarItIsBehindIsKnownWhileItReadsAndZeroWhenItDoesNot() {
    MockConsumer<ByteBuffer, ByteBuffer> consumer = consumer();
    consumer.updateEndOffsets(Map.of(new TopicPartition("a", 0), 12L));
    consumer.schedulePollTask(() -> add(consumer, A, 0, 5, 1));
    reader.execute(() -> reader.read(A, 0));
    reader.start(heard);
    heard.awaitScanned(A, 5);
    assertThat(counters.liveLag.total()).isEqualTo(7);
    assertThat(counters.liveLag.largest()).isEqualTo(7);

    reader.execute(() -> reader.stop(A));
    Eventually.until(
        () -> counters.liveLag.total() == 0, Duration.ofSeconds(10), () -> "It is still behind.");
  }

  @Test
  void aReaderWithoutWorkDoesNotHideHowFarAnotherIsBehind() {
    KafkaCounters shared = new KafkaCounters();
    LiveReader idle = reader("idle", () -> new MockConsumer<>("none"), shared);
    MockConsumer<ByteBuffer, ByteBuffer> consumer = consumer();
    LiveReader behind = reader("behind", () -> consumer, shared);
    consumer.updateEndOffsets(Map.of(new TopicPartition("a", 0), 12L));
    consumer.schedulePollTask(() -> add(consumer, A, 0, 5, 1));
    behind.execute(() -> behind.read(A, 0));
    behind.start(heard);
    heard.awaitScanned(A, 5);
    RecordingListener nothing = new RecordingListener();
    idle.start(nothing);
    nothing.awaitPolls(2);
    assertThat(shared.liveLag.total()).isEqualTo(7);
    assertThat(shared.liveLag.largest()).isEqualTo(7);
    idle.close(Duration.ofSeconds(5));
    behind.close(Duration.ofSeconds(5));
  }

  private LiveReader reader(
      String name, Supplier<Consumer<ByteBuffer, ByteBuffer>> consumer, KafkaCounters shared) {
    return new LiveReader(name, consumer, (partition, offset) -> verdict, shared, fatal::complete);
  }

  private void readBoth() {
    reader.execute(() -> {
      reader.read(A, 0);
      reader.read(B, 0);
    });
    reader.start(heard);
  }

  private MockConsumer<ByteBuffer, ByteBuffer> consumer() {
    MockConsumer<ByteBuffer, ByteBuffer> consumer = new MockConsumer<>("none");
    consumers.add(consumer);
    return consumer;
  }

  private static void add(
      MockConsumer<ByteBuffer, ByteBuffer> consumer,
      Partition partition,
      long from,
      long to,
      int epoch) {
    for (long offset = from; offset < to; offset++) {
      add(consumer, partition, offset, Long.toString(offset), epoch);
    }
  }

  private static void add(
      MockConsumer<ByteBuffer, ByteBuffer> consumer,
      Partition partition,
      long offset,
      String value,
      int epoch) {
    consumer.addRecord(
        new ConsumerRecord<>(
            partition.topic(),
            partition.number(),
            offset,
            0L,
            TimestampType.CREATE_TIME,
            0,
            1,
            ByteBuffer.allocate(0),
            ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)),
            new RecordHeaders(),
            Optional.of(epoch)));
  }
}
