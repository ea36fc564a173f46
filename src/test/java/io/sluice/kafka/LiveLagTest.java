package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What is known of the distance to the head of the log. */
class LiveLagTest {
  private static final TopicPartition A = new TopicPartition("t", 0);
  private static final TopicPartition B = new TopicPartition("t", 1);
  private static final TopicPartition UNKNOWN = new TopicPartition("t", 2);

  private long now;
  private int looks;
  private final Map<TopicPartition, Long> behind = new HashMap<>(Map.of(A, 5L, B, 70L));
  private final MockConsumer<String, String> consumer =
      new MockConsumer<>("none") {
        @Override
        public synchronized OptionalLong currentLag(TopicPartition partition) {
          looks++;
          Long lag = behind.get(partition);
          return lag == null ? OptionalLong.empty() : OptionalLong.of(lag);
        }
      };
  private final LiveLag lag = new LiveLag(() -> now);

  LiveLagTest() {
    consumer.assign(List.of(A, B, UNKNOWN));
  }

  @Test
  void itIsTheSumAndTheLargestOfWhatIsKnown() {
    lag.look(consumer);
    assertThat(lag.total()).isEqualTo(75);
    assertThat(lag.largest()).isEqualTo(70);
  }

  @Test
  void itIsLookedAtOnceASecond() {
    lag.look(consumer);
    behind.put(A, 0L);
    behind.put(B, 1L);
    now += TimeUnit.SECONDS.toNanos(1) - 1;
    lag.look(consumer);
    assertThat(lag.total()).isEqualTo(75);
    assertThat(looks).isEqualTo(3);
    now++;
    lag.look(consumer);
    assertThat(lag.total()).isEqualTo(1);
    assertThat(lag.largest()).isEqualTo(1);
  }

  @Test
  void whereNothingIsReadThereIsNone() {
    lag.look(consumer);
    lag.none();
    assertThat(lag.total()).isZero();
    assertThat(lag.largest()).isZero();
  }
}
