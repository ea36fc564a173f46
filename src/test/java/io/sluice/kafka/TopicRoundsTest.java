package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicRoundsTest {
  private final FakeBrokers brokers = new FakeBrokers();
  private final TaskThread thread = new TaskThread("rounds", fatal -> {});
  private final TopicWatch watch = new TopicWatch();
  private final TopicRounds rounds =
      new TopicRounds(brokers, new TopicCache(), watch, thread, System::nanoTime);
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    thread.close();
  }

  @Test
  void aRoundAsksInPiecesAndTellsWhatBecameOfEachTopic() throws InterruptedException {
    watch.addListener(new TopicNews(told));
    for (int i = 0; i < 450; i++) {
      brokers.create("topic" + i, 1);
      watch.watch(Objects.requireNonNull(brokers.topics.get("topic" + i)));
    }
    brokers.create("topic17", 1);
    brokers.topics.remove("topic333");
    brokers.hold();
    thread.execute(rounds::sweep);
    while (brokers.asked().size() < 2) {
      Thread.onSpinWait();
    }
    brokers.release();
    assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("topic17 recreated");
    assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("topic333 deleted");
    assertThat(brokers.asked()).allMatch(names -> names.size() <= 200).hasSizeLessThan(10);
    assertThat(watch.isWatched("topic333")).isFalse();
  }
}
