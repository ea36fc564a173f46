package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Batch;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.ReplayLog;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the pool says of reads that fail; the rest is seen with a real broker. */
class ReplayPoolTest {
  private static final Partition A = new Partition("a", 0);

  /** A consumer of brokers that never answer. */
  private static final class Silent extends MockConsumer<ByteBuffer, ByteBuffer> {
    Silent() {
      super("none");
    }

    @Override
    public synchronized ConsumerRecords<ByteBuffer, ByteBuffer> poll(Duration timeout) {
      ConsumerRecords<ByteBuffer, ByteBuffer> none = super.poll(timeout);
      LockSupport.parkNanos(timeout.toNanos());
      return none;
    }

    @Override
    public synchronized OptionalLong currentLag(TopicPartition partition) {
      return OptionalLong.empty();
    }
  }

  private final FakeBrokers brokers = new FakeBrokers();
  private final KafkaCounters counters = new KafkaCounters();
  private final KafkaCatalog catalog = new KafkaCatalog(brokers, System::nanoTime, fatal -> {});
  private final MockConsumer<ByteBuffer, ByteBuffer> consumer = new Silent();
  private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();
  private final ReplayPool pool =
      new ReplayPool(
          "replay",
          1,
          number -> consumer,
          catalog,
          new DoubtfulOffsets(catalog, catalog),
          new AvailabilityProbe(() -> true, () -> {}, counters, fatal -> {}),
          counters,
          fatal -> {});

  @BeforeEach
  void open() {
    brokers.create("a", 1);
    catalog.watch(OpenLog.await(catalog.topic("a")));
    catalog.addListener(new TopicNews(told));
    pool.start();
  }

  @AfterEach
  void close() {
    pool.close(Duration.ofSeconds(5));
    catalog.close();
  }

  @Test
  void whoWatchesATopicHearsOfItsDeletionBeforeAReadOfItFails() throws InterruptedException {
    refuseTheOffset();
    brokers.topics.remove("a");
    read();
    assertThat(next()).isEqualTo("a deleted");
    assertThat(next()).isEqualTo(new LogFailure.UnknownTopic("a"));
  }

  @Test
  void whoWatchesATopicHearsThatItWasMadeAgainBeforeAReadOfItFails() throws InterruptedException {
    refuseTheOffset();
    brokers.create("a", 1);
    read();
    assertThat(next()).isEqualTo("a recreated");
    assertThat(next()).isInstanceOf(LogFailure.Unavailable.class);
  }

  @Test
  void aReadThatKafkaDoesNotAnswerSaysWhetherTheTopicIsThereAndTheNextOneWaitsLess()
      throws InterruptedException {
    read();
    assertThat(next()).isInstanceOf(LogFailure.Unavailable.class);
    long began = System.nanoTime();
    read();
    assertThat(next()).isInstanceOf(LogFailure.Unavailable.class);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
    brokers.topics.remove("a");
    read();
    assertThat(next()).isEqualTo("a deleted");
    assertThat(next()).isEqualTo(new LogFailure.UnknownTopic("a"));
  }

  private void refuseTheOffset() {
    consumer.schedulePollTask(() ->
        consumer.setPollException(
            new OffsetOutOfRangeException(Map.of(new TopicPartition("a", 0), 5L))));
  }

  private void read() {
    pool.read(
        new ReplayLog.Request(A, 5, 10, 100),
        new ReplayLog.Handler() {
          @Override
          public void onBatch(Batch batch) {
            told.add(batch);
          }

          @Override
          public void onFailure(LogFailure failure) {
            told.add(failure);
          }
        });
  }

  private Object next() throws InterruptedException {
    Object news = told.poll(20, TimeUnit.SECONDS);
    assertThat(news).as("news").isNotNull();
    return news == null ? List.of() : news;
  }
}
