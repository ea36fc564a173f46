package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.kafka.OpenLog.Got;
import io.sluice.kafka.OpenLog.NotGot;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.testing.Broker;
import io.sluice.testing.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplayPoolIT {
  private static final int SLICE = 4_096;

  private final Topics topics = Broker.shared().topics();
  private final OpenLog open = new OpenLog(Broker.shared());

  @AfterAll
  void close() {
    open.close();
  }

  @Test
  void slicesThatFollowEachOtherReadEveryRecordOnceWithoutSeeking() {
    String topic = topics.create("replay", 1);
    topics.produceMany(topic, 0, "value-", 5_000);
    Partition partition = new Partition(topic, 0);
    long continuedBefore = open.log.counters().replayContinued.sum();
    List<Long> offsets = new ArrayList<>();
    int slices = 0;
    for (long from = 0; from < 5_000; slices++) {
      Got got = open.replay(partition, from, 5_000, SLICE);
      assertThat(got.from()).isEqualTo(from);
      assertThat(got.values().stream().mapToInt(String::length).sum()).isLessThan(2 * SLICE);
      offsets.addAll(got.offsets());
      from = got.to();
    }
    assertThat(offsets).isEqualTo(LongStream.range(0, 5_000).boxed().toList());
    assertThat(slices).isGreaterThan(10);
    assertThat(open.log.counters().replayContinued.sum() - continuedBefore).isEqualTo(slices - 1);
  }

  @Test
  void aSliceStopsBeforeUntil() {
    String topic = topics.create("until", 1);
    topics.produceMany(topic, 0, "v", 100);
    Got got = open.replay(new Partition(topic, 0), 10, 25, SLICE);
    assertThat(got.offsets()).isEqualTo(LongStream.range(10, 25).boxed().toList());
    assertThat(got.to()).isEqualTo(25);
    assertThat(open.replay(new Partition(topic, 0), 25, 30, SLICE).offsets())
        .isEqualTo(LongStream.range(25, 30).boxed().toList());
  }

  @Test
  void abortedRecordsAndMarkersAreScannedUpToUntil() {
    String topic = topics.create("replay-aborted", 1);
    topics.produceTransaction(topic, 0, List.of("yes"), true);
    topics.produceTransaction(topic, 0, List.of("no", "no"), false);
    Partition partition = new Partition(topic, 0);
    long to = 0;
    List<String> values = new ArrayList<>();
    while (to < 5) {
      Got got = open.replay(partition, to, 5, SLICE);
      assertThat(got.to()).isGreaterThan(to);
      values.addAll(got.values());
      to = got.to();
    }
    assertThat(values).containsExactly("yes");
    assertThat(to).isEqualTo(5);
  }

  @Test
  void aSliceAtTheHeadIsEmptyAndNoFailure() {
    String topic = topics.create("at-head", 1);
    topics.produceMany(topic, 0, "v", 3);
    assertThat(open.replay(new Partition(topic, 0), 3, 10, SLICE))
        .isEqualTo(new Got(3, 3, List.of(), List.of()));
  }

  @Test
  void whatTheLogNoLongerHoldsFailsWithWhatItHolds() {
    String topic = topics.create("replay-retention", 1);
    topics.produceMany(topic, 0, "v", 100);
    topics.deleteBefore(topic, 0, 60);
    Partition partition = new Partition(topic, 0);
    assertThat(OpenLog.await(open.replaying(partition, 5, 100, SLICE)))
        .isEqualTo(new NotGot(new LogFailure.OffsetOutOfRange(partition, 5, 60, 100)));
    assertThat(OpenLog.await(open.replaying(partition, 500, 600, SLICE)))
        .isEqualTo(new NotGot(new LogFailure.OffsetOutOfRange(partition, 500, 60, 100)));
    assertThat(open.replay(partition, 60, 100, SLICE).offsets()).first().isEqualTo(60L);
  }

  @Test
  void aTopicThatIsNotThereIsUnknown() {
    Partition nowhere = new Partition(Broker.uniqueName("nowhere"), 0);
    assertThat(OpenLog.await(open.replaying(nowhere, 0, 10, SLICE)))
        .isEqualTo(new NotGot(new LogFailure.UnknownTopic(nowhere.topic())));
    assertThat(Broker.shared().topics().names()).doesNotContain(nowhere.topic());
  }

  @Test
  void whatWasFetchedOfATopicIsNotReadAsTheOneThatWasMadeInItsPlace() {
    String topic = topics.create("replay-recreated", 1);
    Partition partition = new Partition(topic, 0);
    topics.produceMany(topic, 0, "old-", 2_000);
    KafkaCatalog catalog = (KafkaCatalog) open.log.catalog();
    catalog.watch(OpenLog.await(catalog.topic(topic)));
    Got before = open.replay(partition, 0, 2_000, SLICE);
    assertThat(before.values()).allMatch(value -> value.startsWith("old-"));
    topics.delete(topic);
    topics.createNamed(topic, 1, Map.of());
    topics.produceMany(topic, 0, "new-", 2_000);
    assertThat(OpenLog.await(catalog.refreshNow(topic))).isEqualTo(TopicChange.RECREATED);
    // Where a consumer stands, and holds more of the old one.
    Got after = open.replay(partition, before.to(), 2_000, SLICE);
    assertThat(after.values()).isNotEmpty().allMatch(value -> value.startsWith("new-"));
  }

  @Test
  void manyReadsAtOnceAreAllServed() {
    String topic = topics.create("many", 4);
    IntStream.range(0, 4).forEach(number -> topics.produceMany(topic, number, "v", 300));
    List<CompletableFuture<OpenLog.Slice>> reads = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      reads.add(open.replaying(new Partition(topic, i % 4), i, 300, SLICE));
    }
    for (int i = 0; i < 40; i++) {
      long from = i;
      assertThat(OpenLog.await(reads.get(i)))
          .isInstanceOfSatisfying(
              Got.class, got -> assertThat(got.offsets()).first().isEqualTo(from));
    }
    assertThat(open.log.committed().replay().parallelism()).isEqualTo(2);
  }
}
