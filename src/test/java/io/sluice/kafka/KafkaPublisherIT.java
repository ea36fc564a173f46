package io.sluice.kafka;

import static io.sluice.kafka.OpenLog.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Header;
import io.sluice.log.LogFailure;
import io.sluice.log.OutgoingRecord;
import io.sluice.log.Partition;
import io.sluice.log.PublishOutcome;
import io.sluice.log.PublishOutcome.Failed;
import io.sluice.log.PublishOutcome.Stored;
import io.sluice.testing.Broker;
import io.sluice.testing.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaPublisherIT {
  private final Topics topics = Broker.shared().topics();
  private final OpenLog open = new OpenLog(Broker.shared());

  @AfterAll
  void close() {
    open.close();
  }

  @Test
  void aRecordIsStoredAsItWasGiven() {
    String topic = topics.create("publish", 2);
    OutgoingRecord record =
        new OutgoingRecord(
            topic,
            1,
            1_790_000_000_000L,
            OpenLog.bytes("42"),
            List.of(
                new Header("source", ByteBuffer.wrap(new byte[] {1, 2})),
                new Header("source", null)),
            OpenLog.bytes("{\"total\":12.5}"));
    assertThat(open.publish(record))
        .isEqualTo(new Stored(new Partition(topic, 1), 0, 1_790_000_000_000L));
    assertThat(topics.readAll(topic))
        .singleElement()
        .satisfies(stored -> {
          assertThat(stored.key()).isEqualTo(OpenLog.bytes("42"));
          assertThat(stored.value()).isEqualTo(OpenLog.bytes("{\"total\":12.5}"));
          assertThat(stored.headers().toArray()).hasSize(2);
          assertThat(stored.headers().toArray()[0].value()).containsExactly(1, 2);
          assertThat(stored.headers().toArray()[1].value()).isNull();
        });
  }

  @Test
  void aTombstoneIsStored() {
    String topic = topics.create("tombstone", 1);
    assertThat(open.publish(record(topic, null, "k", null))).isInstanceOf(Stored.class);
    assertThat(topics.readAll(topic))
        .singleElement()
        .satisfies(stored -> assertThat(stored.value()).isNull());
  }

  @Test
  void recordsOfOneCallerAreStoredInOrderAndEachHasItsOwnOutcome() {
    String topic = topics.create("order", 2);
    List<CompletableFuture<PublishOutcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      outcomes.add(open.publishing(record(topic, i % 2, "k", "v" + i)));
    }
    for (int i = 0; i < 2_000; i++) {
      int number = i;
      assertThat(OpenLog.await(outcomes.get(i)))
          .isInstanceOfSatisfying(
              Stored.class,
              stored -> {
                assertThat(stored.partition()).isEqualTo(new Partition(topic, number % 2));
                assertThat(stored.offset()).isEqualTo(number / 2);
              });
    }
    assertThat(
            topics.readAll(topic).stream()
                .map(stored -> new String(stored.value(), StandardCharsets.UTF_8)))
        .containsExactlyElementsOf(
            IntStream.concat(
                    IntStream.range(0, 1_000).map(i -> 2 * i),
                    IntStream.range(0, 1_000).map(i -> 2 * i + 1))
                .mapToObj(i -> "v" + i)
                .toList());
  }

  @Test
  void whatCannotBeStoredIsAFailureThatSaysWhy() {
    String topic = topics.create("refused", 2, Map.of("max.message.bytes", "5000"));
    String compacted = topics.create("compacted", 1, Map.of("cleanup.policy", "compact"));
    String nowhere = Broker.uniqueName("nowhere");
    assertThat(open.publish(record(topic, 2, null, "v")))
        .isEqualTo(invalid("The topic " + topic + " has no partition 2."));
    assertThat(open.publish(record(topic, -1, null, "v")))
        .isEqualTo(invalid("The topic " + topic + " has no partition -1."));
    assertThat(open.publish(record(nowhere, null, null, "v")))
        .isEqualTo(new Failed(new LogFailure.UnknownTopic(nowhere)));
    assertThat(open.publish(record("__consumer_offsets", null, null, "v")))
        .isEqualTo(new Failed(new LogFailure.UnknownTopic("__consumer_offsets")));
    assertThat(open.publish(record(compacted, null, null, "no key")))
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> assertThat(failed.failure()).isInstanceOf(LogFailure.Invalid.class));
    assertThat(topics.names()).doesNotContain(nowhere);
    assertThat(topics.readAll(topic)).isEmpty();
  }

  @Test
  void aRecordOverALimitIsTooLargeAndNamesTheLimit() {
    String small = topics.create("small", 1, Map.of("max.message.bytes", "5000"));
    String usual = topics.create("usual", 1);
    for (String topic : List.of(small, usual)) {
      LogFailure.TooLarge refused = tooLarge(topic, topic.equals(small) ? 6_000 : 1_048_588);
      int limit = Math.toIntExact(refused.limit());
      assertThat(limit)
          .isBetween(
              topic.equals(small) ? 4_850 : 1_048_400, topic.equals(small) ? 5_000 : 1_048_588);
      assertThat(open.publish(record(topic, null, null, "x".repeat(limit))))
          .isInstanceOf(Stored.class);
    }
    assertThat(tooLarge(usual, 3 * 1024 * 1024).limit()).isBetween(2_097_000L, 2_097_151L);
    assertThat(open.publish(record(small, null, null, "x".repeat(4_000))))
        .isInstanceOf(Stored.class);
  }

  private LogFailure.TooLarge tooLarge(String topic, int size) {
    Failed failed = (Failed) open.publish(record(topic, null, null, "x".repeat(size)));
    LogFailure.TooLarge refused = (LogFailure.TooLarge) failed.failure();
    assertThat(refused.size()).isEqualTo(size).isGreaterThan(refused.limit());
    return refused;
  }

  @Test
  void outcomesThatArriveTogetherAreOneTask() {
    String topic = topics.create("together", 1);
    assertThat(open.publish(record(topic, null, null, "first"))).isInstanceOf(Stored.class);
    AtomicInteger tasks = new AtomicInteger();
    Executor counting =
        task -> {
          tasks.incrementAndGet();
          open.eventLoop.execute(task);
        };
    List<CompletableFuture<PublishOutcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      outcomes.add(open.publishing(record(topic, null, null, "v"), counting));
    }
    outcomes.forEach(outcome -> assertThat(OpenLog.await(outcome)).isInstanceOf(Stored.class));
    assertThat(tasks.get()).isLessThan(500);
  }

  @Test
  void aTopicThatWasDeletedAndMadeAgainTakesRecordsAgain() {
    String topic = topics.create("again", 1);
    assertThat(open.publish(record(topic, null, null, "old"))).isInstanceOf(Stored.class);
    topics.delete(topic);
    topics.createNamed(topic, 1, Map.of());
    PublishOutcome outcome = open.publish(record(topic, null, null, "new"));
    for (int i = 0; i < 20 && !(outcome instanceof Stored); i++) {
      outcome = open.publish(record(topic, null, null, "new"));
    }
    assertThat(outcome).isInstanceOf(Stored.class);
  }

  private static PublishOutcome invalid(String message) {
    return new Failed(new LogFailure.Invalid(message));
  }
}
