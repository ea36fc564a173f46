package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import io.sluice.log.Catalog;
import io.sluice.log.LogFailure;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterTopicsTest {
  private final FakeBrokers brokers = new FakeBrokers();
  private final AtomicLong now = new AtomicLong();
  private final KafkaCatalog catalog = new KafkaCatalog(brokers, now::get, fatal -> {});

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void namesAreSortedAndInternalOnesAreLeftOut() {
    for (String name : List.of("b", "a", "__consumer_offsets", "__mine")) {
      brokers.create(name, 1);
    }
    assertThat(OpenLog.await(catalog.ids())).containsOnlyKeys("a", "b");
    brokers.create("c", 1);
    assertThat(OpenLog.await(catalog.ids())).containsOnlyKeys("a", "b", "c");
  }

  @Test
  void whoAsksForNamesWhileTheyAreOnTheirWaySharesThem() {
    brokers.create("a", 1);
    brokers.hold();
    List<CompletionStage<Map<String, TopicId>>> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      answers.add(catalog.ids());
    }
    seenAll();
    brokers.release();
    answers.forEach(answer -> assertThat(OpenLog.await(answer)).containsOnlyKeys("a"));
    assertThat(brokers.lists()).isEqualTo(1);
  }

  @Test
  void topicsAreDescribedInPiecesOneAfterTheOtherAndKeptForAWhile() {
    for (int i = 0; i < 450; i++) {
      brokers.create("topic-" + (1000 + i), i % 3 + 1);
    }
    brokers.create("__internal", 1);
    List<Topic> topics = OpenLog.await(catalog.topics());
    assertThat(topics).extracting(Topic::name).hasSize(450).isSorted().contains("topic-1449");
    assertThat(topics.getFirst().partitionCount()).isEqualTo(1);
    assertThat(brokers.asked()).extracting(names -> names.size()).containsExactly(200, 200, 50);

    now.addAndGet(ClusterTopics.KNOWN_FOR.toNanos() - 1);
    assertThat(OpenLog.await(catalog.topics())).isEqualTo(topics);
    assertThat(brokers.asked()).hasSize(3);
    now.addAndGet(1);
    assertThat(OpenLog.await(catalog.topics())).isEqualTo(topics);
    assertThat(brokers.asked()).hasSize(6);
  }

  @Test
  void aTopicThatIsNewOrAnotherIsThereAtOnceAndOnlyItIsDescribed() {
    brokers.create("a", 1);
    brokers.create("b", 1);
    OpenLog.await(catalog.topics());
    brokers.create("a", 3);
    brokers.create("c", 2);
    assertThat(OpenLog.await(catalog.topics()))
        .extracting(topic -> topic.name() + topic.partitionCount())
        .containsExactly("a3", "b1", "c2");
    assertThat(brokers.asked()).last().asInstanceOf(LIST).containsExactly("a", "c");
  }

  @Test
  void ofVeryManyTopicsTheFirstAreTold() {
    for (int i = 0; i < Catalog.MOST_TOPICS + 1; i++) {
      brokers.create("topic-" + (100_000 + i), 1);
    }
    assertThat(OpenLog.await(catalog.topics()))
        .hasSize(Catalog.MOST_TOPICS)
        .extracting(Topic::name)
        .doesNotContain("topic-" + (100_000 + Catalog.MOST_TOPICS));
  }

  @Test
  void aTopicThatIsListedIsNoLongerTakenForUnknown() {
    assertThat(OpenLog.failureOf(catalog.topic("soon")))
        .isInstanceOf(LogFailure.UnknownTopic.class);
    brokers.create("soon", 1);
    assertThat(OpenLog.await(catalog.ids())).containsOnlyKeys("soon");
    assertThat(OpenLog.await(catalog.topic("soon")).partitionCount()).isEqualTo(1);
  }

  @Test
  void aTopicThatIsListedWithAnotherIdIsAskedForAgain() {
    brokers.create("orders", 1);
    Topic before = OpenLog.await(catalog.topic("orders"));
    brokers.create("orders", 3);
    assertThat(OpenLog.await(catalog.topic("orders"))).isEqualTo(before);
    assertThat(OpenLog.await(catalog.ids())).doesNotContainValue(before.id());
    assertThat(OpenLog.await(catalog.topic("orders")).partitionCount()).isEqualTo(3);
  }

  @Test
  void whatTheBrokersDoNotListIsAFailure() {
    brokers.failList = new org.apache.kafka.common.errors.TimeoutException();
    assertThat(OpenLog.failureOf(catalog.ids())).isInstanceOf(LogFailure.Unavailable.class);
    assertThat(OpenLog.failureOf(catalog.topics())).isInstanceOf(LogFailure.Unavailable.class);
    brokers.failList = null;
    assertThat(OpenLog.await(catalog.topics())).isEmpty();
  }

  /** Waits until the catalog's thread has taken what was asked before. */
  private void seenAll() {
    catalog.refreshNow("nothing");
    while (brokers.asked().isEmpty()) {
      Thread.onSpinWait();
    }
  }
}
