package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.kafka.RecordingListener.Missing;
import io.sluice.kafka.RecordingListener.Read;
import io.sluice.kafka.RecordingListener.Stopped;
import io.sluice.log.Catalog;
import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.Isolation;
import io.sluice.log.LiveLog;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Topic;
import io.sluice.testing.Broker;
import io.sluice.testing.Topics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveReaderIT {
  private final Broker broker = Broker.shared();
  private final Topics topics = broker.topics();
  private final OpenLog open = new OpenLog(broker);

  @AfterAll
  void close() {
    open.close();
  }

  @Test
  void recordsOfAPartitionComeInOrderAndTheirRangesMeet() {
    String topic = topics.create("live", 2);
    Partition first = new Partition(topic, 0);
    Partition second = new Partition(topic, 1);
    open.read(first, 0);
    open.read(second, 0);
    topics.produceMany(topic, 0, "a", 3_000);
    topics.produceMany(topic, 1, "b", 500);
    open.heard.awaitScanned(first, 3_000);
    open.heard.awaitScanned(second, 500);
    assertThat(open.heard.values(first))
        .isEqualTo(IntStream.range(0, 3_000).mapToObj(i -> "a" + i).toList());
    assertThat(open.heard.values(second))
        .isEqualTo(IntStream.range(0, 500).mapToObj(i -> "b" + i).toList());
    assertThatRangesMeet(first, 0);
    assertThatRangesMeet(second, 0);
  }

  @Test
  void abortedRecordsAreScannedAndNotHandedOver() {
    String topic = topics.create("aborted", 1);
    Partition partition = new Partition(topic, 0);
    open.read(partition, 0);
    topics.produceTransaction(topic, 0, List.of("no1", "no2"), false);
    // Two records and the marker.
    open.heard.awaitScanned(partition, 3);
    assertThat(open.heard.values(partition)).isEmpty();
    topics.produceTransaction(topic, 0, List.of("yes1", "yes2"), true);
    open.heard.awaitScanned(partition, 6);
    assertThat(open.heard.values(partition)).containsExactly("yes1", "yes2");
    assertThatRangesMeet(partition, 0);
  }

  @Test
  void whatRetentionTookIsAGapAndReadingGoesOn() {
    String topic = topics.create("retention", 1);
    Partition partition = new Partition(topic, 0);
    topics.produceMany(topic, 0, "v", 100);
    topics.deleteBefore(topic, 0, 60);
    open.read(partition, 10);
    open.heard.awaitScanned(partition, 100);
    assertThat(open.heard.of(partition).getFirst())
        .isEqualTo(new Missing(new Gap(partition, 10, 60, GapReason.RETENTION)));
    assertThat(open.heard.values(partition)).hasSize(40).first().isEqualTo("v60");
    assertThatRangesMeet(partition, 60);
  }

  @Test
  void anOffsetAboveTheHeadStopsThatPartitionOnly() {
    String topic = topics.create("above", 2);
    Partition above = new Partition(topic, 0);
    Partition fine = new Partition(topic, 1);
    open.read(above, 7);
    open.read(fine, 0);
    topics.produceMany(topic, 1, "v", 5);
    open.heard.awaitScanned(fine, 5);
    open.heard.await(above, Duration.ofSeconds(10), told -> !told.isEmpty());
    assertThat(open.heard.of(above))
        .containsExactly(new Stopped(above, new LogFailure.OffsetOutOfRange(above, 7, 0, 0)));
    topics.produceMany(topic, 1, "w", 5);
    open.heard.awaitScanned(fine, 10);
  }

  @Test
  void nothingComesOfAPartitionAfterItWasStopped() {
    String topic = topics.create("stopped", 1);
    Partition partition = new Partition(topic, 0);
    Partition marker = new Partition(topics.create("marker", 1), 0);
    open.read(partition, 0);
    open.read(marker, 0);
    topics.produceMany(topic, 0, "v", 10);
    open.heard.awaitScanned(partition, 10);
    open.onReader(() -> open.log.committed().live().stop(partition));
    int before = open.heard.of(partition).size();
    topics.produceMany(topic, 0, "w", 10);
    topics.produceMany(marker.topic(), 0, "m", 1);
    open.heard.awaitScanned(marker, 1);
    assertThat(open.heard.of(partition)).hasSize(before);
    open.read(partition, 10);
    open.heard.awaitScanned(partition, 20);
    assertThatRangesMeet(partition, 0);
  }

  @Test
  void aDeletedWatchedTopicStopsAndTheRestGoesOn() {
    String gone = topics.create("gone", 1);
    String stays = topics.create("stays", 1);
    Partition lost = new Partition(gone, 0);
    Partition kept = new Partition(stays, 0);
    open.log.catalog().watch(OpenLog.await(open.log.catalog().topic(gone)));
    open.read(lost, 0);
    open.read(kept, 0);
    topics.delete(gone);
    open.heard.await(lost, Duration.ofSeconds(15), told -> !told.isEmpty());
    assertThat(open.heard.of(lost))
        .containsExactly(new Stopped(lost, new LogFailure.TopicDeleted(gone)));
    topics.produceMany(stays, 0, "v", 3);
    open.heard.awaitScanned(kept, 3);
  }

  @Test
  void aTopicThatWasMadeAgainIsReadFromItsStartByWhoeverHeardOfIt() {
    String topic = topics.create("remade", 1);
    Partition partition = new Partition(topic, 0);
    topics.produceMany(topic, 0, "old", 50);
    open.log.catalog().watch(OpenLog.await(open.log.catalog().topic(topic)));
    open.log.catalog().addListener(new ReadAgain(partition, open.log.committed().live()));
    open.read(partition, 0);
    open.heard.awaitScanned(partition, 50);
    topics.delete(topic);
    topics.createNamed(topic, 1, Map.of());
    topics.produceMany(topic, 0, "new", 5);
    open.heard.await(
        partition,
        Duration.ofSeconds(15),
        told -> told.getLast() instanceof Read read && read.values().contains("new4"));
    assertThat(open.heard.values(partition))
        .isEqualTo(
            IntStream.concat(IntStream.range(0, 50), IntStream.range(50, 55))
                .mapToObj(i -> i < 50 ? "old" + i : "new" + (i - 50))
                .toList());
    assertThat(open.heard.of(partition))
        .noneMatch(event -> event instanceof Stopped || event instanceof Missing);
  }

  @Test
  void partitionsThatAreAddedCanBeReadFromTheirStart() {
    String topic = topics.create("wider", 1);
    open.read(new Partition(topic, 0), 0);
    topics.expand(topic, 3);
    topics.produceMany(topic, 2, "v", 4);
    Partition added = new Partition(topic, 2);
    open.read(added, 0);
    open.heard.awaitScanned(added, 4);
    assertThat(open.heard.values(added)).containsExactly("v0", "v1", "v2", "v3");
  }

  @Test
  void aTaskRunsPromptlyWhileThePollWaits() {
    Partition quiet = new Partition(topics.create("quiet", 1), 0);
    open.read(quiet, 0);
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 21; i++) {
      long before = System.nanoTime();
      CompletableFuture<Long> ran = new CompletableFuture<>();
      open.log.committed().live().execute(() -> ran.complete(System.nanoTime()));
      waits.add(OpenLog.await(ran) - before);
    }
    waits.sort(null);
    // A poll lasts 200 ms: without the wake-up the median would be about half of it.
    assertThat(Duration.ofNanos(waits.get(10))).isLessThan(Duration.ofMillis(50));
  }

  @Test
  void aFailingTaskDoesNotEndTheReader() {
    String topic = topics.create("survivor", 1);
    Partition partition = new Partition(topic, 0);
    open.log
        .committed()
        .live()
        .execute(() -> {
          throw new IllegalStateException("a test's own mistake");
        });
    open.read(partition, 0);
    topics.produce(topic, 0, "k", "v");
    open.heard.awaitScanned(partition, 1);
  }

  @Test
  void theDistanceToTheHeadIsKnownFromWhatWasFetched() {
    String topic = topics.create("lag", 1);
    topics.produceMany(topic, 0, "v", 2_500);
    LiveLag lag = new LiveLag(System::nanoTime);
    KafkaClients clients = new KafkaClients(Map.of("bootstrap.servers", broker.bootstrapServers()));
    try (Consumer<ByteBuffer, ByteBuffer> consumer =
        clients.liveConsumer(Isolation.READ_COMMITTED)) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seek(partition, 0);
      int read = 0;
      while (read == 0) {
        read = consumer.poll(Duration.ofSeconds(1)).count();
      }
      lag.look(consumer);
      assertThat(read).isLessThan(2_500);
      assertThat(lag.total()).isEqualTo(2_500 - read);
    }
  }

  /** Does what the relay does with the news of a topic that was made again. */
  private record ReadAgain(Partition partition, LiveLog live) implements Catalog.Listener {
    @Override
    public void onPartitionsAdded(Topic before, Topic topic) {}

    @Override
    public void onDeleted(Topic topic) {}

    @Override
    public void onRecreated(Topic before, Topic now) {
      if (now.name().equals(partition.topic())) {
        live.execute(() -> {
          live.stop(partition);
          live.read(partition, 0);
        });
      }
    }
  }

  private void assertThatRangesMeet(Partition partition, long start) {
    long next = start;
    for (Read read : open.heard.reads(partition)) {
      assertThat(read.from()).isEqualTo(next);
      assertThat(read.to()).isGreaterThan(read.from());
      next = read.to();
    }
  }
}
