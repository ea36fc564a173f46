package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Batch;
import io.sluice.log.Partition;
import io.sluice.log.ReplayLog.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ReplayConsumerTest {
  private static final Partition A = new Partition("a", 0);

  private final List<Set<TopicPartition>> assigned = new ArrayList<>();
  private final MockConsumer<ByteBuffer, ByteBuffer> kafka =
      new MockConsumer<ByteBuffer, ByteBuffer>("none") {
        @Override
        public synchronized void assign(Collection<TopicPartition> partitions) {
          assigned.add(Set.copyOf(partitions));
          super.assign(partitions);
        }
      };
  private int generation;
  private final ReplayConsumer consumer = new ReplayConsumer(() -> kafka, () -> generation);

  @Test
  void aSliceThatFollowsIsReadFromWhatWasFetchedBefore() {
    kafka.schedulePollTask(() -> store("old", 0, 10));
    assertThat(values(read(0))).containsExactly("old0", "old1");
    assertThat(consumer.standsAt(A, 2)).isTrue();
    assertThat(values(read(2))).containsExactly("old2", "old3");
    assertThat(assigned).hasSize(1);
  }

  @Test
  void whatWasFetchedOfATopicThatIsNoMoreIsNotReadAsTheNextOnes() {
    kafka.schedulePollTask(() -> store("old", 0, 10));
    assertThat(values(read(0))).containsExactly("old0", "old1");
    generation++;
    assertThat(consumer.standsAt(A, 2)).isFalse();
    kafka.schedulePollTask(() -> store("new", 2, 10));
    assertThat(values(read(2))).containsExactly("new2", "new3");
    Set<TopicPartition> a = Set.of(new TopicPartition("a", 0));
    assertThat(assigned).as("Kafka's consumer lets go too").containsExactly(a, Set.of(), a);
    assertThat(values(read(4))).containsExactly("new4", "new5");
  }

  private Batch read(long from) {
    int bytesOfTwo = 8;
    return Objects.requireNonNull(
        consumer.read(new Request(A, from, 10, bytesOfTwo), Duration.ofSeconds(5)));
  }

  private void store(String value, long from, long to) {
    for (long offset = from; offset < to; offset++) {
      byte[] bytes = (value + offset).getBytes(StandardCharsets.UTF_8);
      kafka.addRecord(
          new ConsumerRecord<>("a", 0, offset, ByteBuffer.allocate(0), ByteBuffer.wrap(bytes)));
    }
  }

  private static List<String> values(Batch batch) {
    return batch.records().stream().map(RecordingListener::value).toList();
  }
}
