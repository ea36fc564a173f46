package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Catalog;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.RecordKey;
import io.sluice.log.Topic;
import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaCatalogIT {
  private final Topics topics = Broker.shared().topics();
  private final OpenLog open = new OpenLog(Broker.shared());
  private final Catalog catalog = open.log.catalog();

  @AfterAll
  void close() {
    open.close();
  }

  @Test
  void aTopicHasItsIdAndPartitions() {
    String name = topics.create("catalog", 3);
    Topic topic = OpenLog.await(catalog.topic(name));
    assertThat(topic.name()).isEqualTo(name);
    assertThat(topic.partitionCount()).isEqualTo(3);
    assertThat(topic.id().value()).hasSize(22);
  }

  @Test
  void internalAndImpossibleNamesAreUnknownWithoutAsking() {
    long before = open.log.counters().describeRequests.sum();
    for (String name :
        List.of("__consumer_offsets", "__transaction_state", "__x", "", ".", "..", "a b")) {
      assertThat(OpenLog.failureOf(catalog.topic(name)))
          .isEqualTo(new LogFailure.UnknownTopic(name));
    }
    assertThat(open.log.counters().describeRequests.sum()).isEqualTo(before);
  }

  @Test
  void unknownNamesCreateNothingAndAreAskedOncePerWhileInFewRequests() {
    String prefix = Broker.uniqueName("unknown");
    long before = open.log.counters().describeRequests.sum();
    for (int round = 0; round < 3; round++) {
      List<CompletionStage<Topic>> answers = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        answers.add(catalog.topic(prefix + i));
      }
      answers.forEach(answer ->
          assertThat(OpenLog.failureOf(answer)).isInstanceOf(LogFailure.UnknownTopic.class));
    }
    // Ten full requests; the first and a few more leave before their batch is full.
    assertThat(open.log.counters().describeRequests.sum() - before).isLessThan(30);
    assertThat(topics.names()).noneMatch(name -> name.startsWith(prefix));
  }

  @Test
  void headsStandBeforeAnOpenTransactionAndOldestAfterRetention() {
    String name = topics.create("ends", 2);
    topics.produceMany(name, 0, "v", 10);
    topics.deleteBefore(name, 0, 4);
    Partition first = new Partition(name, 0);
    Partition second = new Partition(name, 1);
    try (var producer = topics.producer(Map.of("transactional.id", Broker.uniqueName("tx")))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(name, 0, "k", new byte[1]));
      producer.flush();
      assertThat(OpenLog.await(catalog.heads(List.of(first, second))))
          .isEqualTo(Map.of(first, 10L, second, 0L));
      assertThat(OpenLog.await(catalog.oldest(List.of(first, second))))
          .isEqualTo(Map.of(first, 4L, second, 0L));
      producer.abortTransaction();
    }
  }

  @Test
  void allTopicsAreListedWithoutInternalOnes() {
    topics.produceTransaction(topics.create("tx", 1), 0, List.of("v"), true); // makes one
    String name = topics.create("listed", 3);
    Topic topic = OpenLog.await(catalog.topic(name));
    assertThat(OpenLog.await(catalog.ids()))
        .containsEntry(name, topic.id())
        .allSatisfy((each, id) -> assertThat(each).doesNotStartWith("__"));
    assertThat(OpenLog.await(catalog.topics()))
        .contains(topic)
        .noneMatch(each -> each.name().startsWith("__"));
  }

  @Test
  void aKeysPartitionIsTheOneInWhichTheProducerPutsIt() {
    Topic topic = OpenLog.await(catalog.topic(topics.create("partitioned", 7)));
    List<ProducerRecord<String, byte[]>> records =
        IntStream.range(0, 100)
            .mapToObj(
                i -> new ProducerRecord<String, byte[]>(topic.name(), "clé-" + i * i, new byte[1]))
            .toList();
    List<RecordMetadata> stored = topics.produceAll(records);
    for (int i = 0; i < stored.size(); i++) {
      assertThat(catalog.partitionOf(RecordKey.of(records.get(i).key()), topic))
          .isEqualTo(new Partition(topic.name(), stored.get(i).partition()));
    }
  }

  @Test
  void theFirstOffsetOfATimeIsFoundBelowTheHeadOnly() {
    String name = topics.create("times", 2);
    Partition first = new Partition(name, 0);
    Partition second = new Partition(name, 1);
    topics.produceAll(
        LongStream.of(1000, 2000, 2000, 3000)
            .mapToObj(time -> new ProducerRecord<>(name, 0, time, "k", new byte[1]))
            .toList());
    try (var producer = topics.producer(Map.of("transactional.id", Broker.uniqueName("tx")))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(name, 0, 9000L, "k", new byte[1]));
      producer.flush();
      assertThat(since(1500, first, second))
          .isEqualTo(Map.of(first, OptionalLong.of(1), second, OptionalLong.empty()));
      assertThat(since(0, first)).isEqualTo(Map.of(first, OptionalLong.of(0)));
      assertThat(since(3001, first))
          .as("what is not committed yet has no time")
          .isEqualTo(Map.of(first, OptionalLong.empty()));
      producer.commitTransaction();
    }
    Eventually.until(
        () -> since(3001, first).equals(Map.of(first, OptionalLong.of(4))),
        Duration.ofSeconds(15),
        () -> "The committed record is not found.");
  }

  private Map<Partition, OptionalLong> since(long timestamp, Partition... partitions) {
    return OpenLog.await(catalog.firstSince(timestamp, List.of(partitions)));
  }

  @Test
  void aPartitionThatIsNotThereIsInvalidAndATopicThatIsNotThereUnknown() {
    String name = topics.create("short", 1);
    assertThat(OpenLog.failureOf(catalog.heads(List.of(new Partition(name, 1)))))
        .isInstanceOf(LogFailure.Invalid.class);
    String nowhere = Broker.uniqueName("nowhere");
    assertThat(OpenLog.failureOf(catalog.oldest(List.of(new Partition(nowhere, 0)))))
        .isEqualTo(new LogFailure.UnknownTopic(nowhere));
    assertThat(OpenLog.await(catalog.heads(List.of()))).isEmpty();
  }

  @Test
  void watchersHearOfNewPartitionsOfDeletionAndOfAnotherTopicOfTheName() throws Exception {
    News news = new News();
    catalog.addListener(news);
    String grows = topics.create("grows", 1);
    String goes = topics.create("goes", 1);
    String comesBack = topics.create("comes-back", 1);
    for (String name : List.of(grows, goes, comesBack)) {
      catalog.watch(OpenLog.await(catalog.topic(name)));
    }
    topics.expand(grows, 3);
    topics.delete(goes);
    topics.delete(comesBack);
    topics.createNamed(comesBack, 2, Map.of());
    List<String> heard = new ArrayList<>();
    while (heard.size() < 3) {
      String next = news.heard.poll(15, TimeUnit.SECONDS);
      assertThat(next).as("news after " + heard).isNotNull();
      if (next != null) {
        heard.add(next);
      }
    }
    assertThat(heard)
        .containsExactlyInAnyOrder(grows + " 1->3", goes + " deleted", comesBack + " recreated");
    assertThat(OpenLog.await(catalog.topic(grows)).partitionCount()).isEqualTo(3);
    assertThat(OpenLog.failureOf(catalog.topic(goes))).isEqualTo(new LogFailure.UnknownTopic(goes));
  }

  private static final class News implements Catalog.Listener {
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Override
    public void onPartitionsAdded(Topic before, Topic topic) {
      heard.add(topic.name() + " " + before.partitionCount() + "->" + topic.partitionCount());
    }

    @Override
    public void onDeleted(Topic topic) {
      if (topic.name().startsWith("go")) {
        heard.add(topic.name() + " deleted");
      }
    }

    @Override
    public void onRecreated(Topic before, Topic now) {
      assertThat(now.id()).isNotEqualTo(before.id());
      heard.add(now.name() + " recreated");
    }
  }
}
