package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaCatalogTest {
  private final FakeBrokers brokers = new FakeBrokers();
  private final AtomicLong now = new AtomicLong();
  private final KafkaCatalog catalog = new KafkaCatalog(brokers, now::get, fatal -> {});

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void lookUpsOfOneNameAreOneQuestionWhileItIsUnderWay() {
    brokers.create("orders", 2);
    brokers.hold();
    List<CompletionStage<Topic>> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      answers.add(catalog.topic("orders"));
    }
    // Whatever is asked on the same thread after them has been seen after them.
    CompletionStage<TopicChange> after = catalog.refreshNow("orders");
    while (brokers.asked().size() < 2) {
      Thread.onSpinWait();
    }
    brokers.release();
    answers.forEach(answer -> assertThat(OpenLog.await(answer).partitionCount()).isEqualTo(2));
    assertThat(OpenLog.await(after)).isEqualTo(TopicChange.NONE);
    assertThat(brokers.asked()).hasSize(2);
  }

  @Test
  void manyNamesAreFewRequestsAndTooManyAreRefused() {
    brokers.hold();
    List<CompletionStage<Topic>> answers = new ArrayList<>();
    for (int i = 0; i < 15_000; i++) {
      answers.add(catalog.topic("name" + i));
    }
    assertThat(OpenLog.failureOf(answers.getLast())).isInstanceOf(LogFailure.Unavailable.class);
    assertThat(brokers.asked()).hasSize(2);
    brokers.release();
    answers.forEach(answer ->
        assertThat(OpenLog.failureOf(answer))
            .isInstanceOfAny(LogFailure.UnknownTopic.class, LogFailure.Unavailable.class));
    assertThat(brokers.asked()).hasSizeLessThan(60).allMatch(names -> names.size() <= 200);
  }

  @Test
  void aNameThatIsUnknownIsAskedAgainOnlyAfterAWhile() {
    assertThat(OpenLog.failureOf(catalog.topic("soon")))
        .isInstanceOf(LogFailure.UnknownTopic.class);
    brokers.create("soon", 1);
    assertThat(OpenLog.failureOf(catalog.topic("soon")))
        .isInstanceOf(LogFailure.UnknownTopic.class);
    now.addAndGet(TopicCache.UNKNOWN_FOR.toNanos());
    assertThat(OpenLog.await(catalog.topic("soon")).partitionCount()).isEqualTo(1);
    assertThat(brokers.asked()).hasSize(2);
  }

  @Test
  void offsetsThatTheBrokersDoNotTellAreUnavailable() {
    brokers.create("orders", 1);
    Collection<Partition> one = List.of(new Partition("orders", 0));
    assertThat(OpenLog.failureOf(catalog.heads(one))).isInstanceOf(LogFailure.Unavailable.class);
    assertThat(OpenLog.failureOf(catalog.oldest(one))).isInstanceOf(LogFailure.Unavailable.class);
  }

  @Test
  void aTopicThatIsMissingOnceAndThenBackWithAnotherIdIsRecreated() {
    brokers.create("orders", 1);
    catalog.watch(OpenLog.await(catalog.topic("orders")));
    brokers.topics.remove("orders");
    CompletionStage<TopicChange> change = catalog.refreshNow("orders");
    while (brokers.asked().size() < 2) {
      Thread.onSpinWait();
    }
    brokers.create("orders", 1);
    assertThat(OpenLog.await(change)).isEqualTo(TopicChange.RECREATED);
  }

  @Test
  void whoWatchesByAnIdThatIsNoMoreHearsOfTheOtherAlsoWhereAllOthersKnowIt()
      throws InterruptedException {
    brokers.create("orders", 1);
    Topic old = OpenLog.await(catalog.topic("orders"));
    catalog.watch(old);
    brokers.create("orders", 1);
    assertThat(OpenLog.await(catalog.refreshNow("orders"))).isEqualTo(TopicChange.RECREATED);
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    catalog.addListener(new TopicNews(told));
    catalog.watch(old);
    assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("orders recreated");
  }

  @Test
  void manyWhoDoubtOneTopicAreTwoQuestionsAndHearTheSame() {
    brokers.create("orders", 1);
    catalog.watch(OpenLog.await(catalog.topic("orders")));
    brokers.create("orders", 1);
    brokers.hold();
    List<CompletionStage<TopicChange>> changes = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      changes.add(catalog.refreshNow("orders"));
    }
    seenAll();
    brokers.release();
    assertThat(OpenLog.await(changes.getFirst())).isEqualTo(TopicChange.RECREATED);
    // Those asked after the first question had been sent, and may have seen more than its answer.
    changes.forEach(OpenLog::await);
    assertThat(brokers.asked().stream().filter(names -> names.contains("orders"))).hasSize(3);
  }

  @Test
  void manyTopicsThatAreMissingAreAskedForInFewRequests() {
    brokers.hold();
    List<CompletionStage<TopicChange>> changes = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      changes.add(catalog.refreshNow("name" + i));
    }
    seenAll();
    assertThat(brokers.asked().stream().filter(names -> !names.contains("seen"))).hasSize(2);
    brokers.release();
    changes.forEach(change -> assertThat(OpenLog.await(change)).isEqualTo(TopicChange.DELETED));
    assertThat(brokers.asked()).hasSizeLessThan(60).allMatch(names -> names.size() <= 200);
  }

  @Test
  void aTopicThatIsMissingTwiceIsDeleted() {
    brokers.create("orders", 1);
    catalog.watch(OpenLog.await(catalog.topic("orders")));
    brokers.topics.remove("orders");
    assertThat(OpenLog.await(catalog.refreshNow("orders"))).isEqualTo(TopicChange.DELETED);
    assertThat(OpenLog.failureOf(catalog.topic("orders")))
        .isInstanceOf(LogFailure.UnknownTopic.class);
  }

  @Test
  void afterTheCloseEveryQuestionIsAnsweredUnavailable() {
    catalog.close();
    assertThat(OpenLog.failureOf(catalog.topic("orders")))
        .isInstanceOf(LogFailure.Unavailable.class);
  }

  /** Waits until the catalog's thread has taken what was asked before. */
  private void seenAll() {
    CompletionStage<Topic> after = catalog.topic("seen");
    while (brokers.asked().stream().noneMatch(names -> names.contains("seen"))) {
      Thread.onSpinWait();
    }
    assertThat(after.toCompletableFuture()).isNotDone();
  }
}
