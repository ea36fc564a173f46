package io.sluice.kafka;

import static io.sluice.kafka.OpenLog.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.kafka.OpenLog.NotGot;
import io.sluice.kafka.RecordingListener.Read;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.PublishOutcome;
import io.sluice.log.PublishOutcome.Failed;
import io.sluice.log.PublishOutcome.Stored;
import io.sluice.testing.Broker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The brokers go and come back; nobody restarts anything here (RELIABILITY R6). */
class OutageIT {
  private static final Duration LIMIT = Duration.ofSeconds(3);

  @Test
  void anOutageIsKnownSoonBlocksNobodyAndEndsByItself() throws Exception {
    try (Broker broker = Broker.own();
        OpenLog open = new OpenLog(broker)) {
      String topic = broker.topics().create("outage", 1);
      Partition partition = new Partition(topic, 0);
      BlockingQueue<Boolean> changes = new LinkedBlockingQueue<>();
      open.log.availability().addListener(changes::add);
      open.read(partition, 0);
      assertThat(open.publish(record(topic, null, "k", "before"))).isInstanceOf(Stored.class);
      open.heard.awaitScanned(partition, 1);

      broker.stop();
      long stopped = System.nanoTime();
      List<Long> callNanos = new ArrayList<>();
      List<CompletableFuture<PublishOutcome>> meanwhile = new ArrayList<>();
      while (open.log.availability().isAvailable()) {
        assertThat(Duration.ofNanos(System.nanoTime() - stopped))
            .as("time until unavailable")
            .isLessThan(LIMIT);
        meanwhile.add(publishTimed(open, topic, callNanos));
        var unused = changes.poll(5, TimeUnit.MILLISECONDS);
      }
      for (int i = 0; i < 500; i++) {
        long before = System.nanoTime();
        PublishOutcome outcome = OpenLog.await(publishTimed(open, topic, callNanos));
        assertThat(outcome)
            .isInstanceOfSatisfying(
                Failed.class,
                failed -> assertThat(failed.failure()).isInstanceOf(LogFailure.Unavailable.class));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(500));
      }
      Collections.sort(callNanos);
      // One call in a hundred may meet a pause of a busy machine.
      assertThat(Duration.ofNanos(callNanos.get(callNanos.size() * 99 / 100)))
          .isLessThan(Duration.ofMillis(5));
      assertThat(OpenLog.await(open.replaying(partition, 0, 1, 1_000)))
          .isInstanceOfSatisfying(
              NotGot.class,
              failed -> assertThat(failed.failure()).isInstanceOf(LogFailure.Unavailable.class));
      assertThat(OpenLog.failureOf(open.log.catalog().topic(Broker.uniqueName("other"))))
          .isInstanceOf(LogFailure.Unavailable.class);

      broker.restart();
      long healed = System.nanoTime();
      broker.topics().produce(topic, 0, "k", "after");
      List<Read> reads = awaitValue(open, partition, "after");
      assertThat(Duration.ofNanos(reads.getLast().at() - healed))
          .as("first record after the heal")
          .isLessThan(LIMIT);
      long next = 0;
      for (Read read : reads) {
        assertThat(read.from()).isEqualTo(next);
        next = read.to();
      }
      while (!open.log.availability().isAvailable()) {
        assertThat(changes.poll(3, TimeUnit.SECONDS)).isNotNull();
      }
      assertThat(open.publish(record(topic, null, "k", "again"))).isInstanceOf(Stored.class);
      assertThat(open.replay(partition, 0, 1, 1_000).values()).containsExactly("before");

      // Whatever was under way has one outcome: stored after all, refused, or unknown.
      for (CompletableFuture<PublishOutcome> outcome : meanwhile) {
        assertThat(OpenLog.await(outcome))
            .satisfiesAnyOf(
                stored -> assertThat(stored).isInstanceOf(Stored.class),
                failed ->
                    assertThat(((Failed) failed).failure())
                        .isInstanceOfAny(LogFailure.Unavailable.class, LogFailure.TimedOut.class));
      }
      assertThat(open.log.counters().liveConsumersReplaced.sum()).isZero();
    }
  }

  @Test
  void closingWithTheBrokersGoneKeepsTheBudget() {
    try (Broker broker = Broker.own()) {
      OpenLog open = new OpenLog(broker);
      String topic = broker.topics().create("close", 1);
      open.read(new Partition(topic, 0), 0);
      assertThat(open.publish(record(topic, null, "k", "v"))).isInstanceOf(Stored.class);
      broker.stop();
      CompletableFuture<PublishOutcome> last = open.publishing(record(topic, null, "k", "last"));
      long before = System.nanoTime();
      open.log.close(Duration.ofSeconds(2));
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
      assertThat(OpenLog.await(last)).isInstanceOf(Failed.class);
      open.eventLoop.shutdownNow();
    }
  }

  private static CompletableFuture<PublishOutcome> publishTimed(
      OpenLog open, String topic, List<Long> nanos) {
    CompletableFuture<PublishOutcome> outcome = new CompletableFuture<>();
    var record = record(topic, null, "k", "meanwhile");
    long before = System.nanoTime();
    open.log.publisher().publish(record, open.eventLoop, outcome::complete);
    nanos.add(System.nanoTime() - before);
    return outcome;
  }

  private static List<Read> awaitValue(OpenLog open, Partition partition, String value) {
    open.heard.await(
        partition,
        Duration.ofSeconds(15),
        told ->
            told.stream()
                .anyMatch(event -> event instanceof Read read && read.values().contains(value)));
    List<Read> reads = open.heard.reads(partition);
    int last = 0;
    while (!reads.get(last).values().contains(value)) {
      last++;
    }
    return reads.subList(0, last + 1);
  }
}
