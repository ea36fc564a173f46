package io.sluice.kafka;

import static io.sluice.kafka.OpenLog.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.LogFailure;
import io.sluice.log.PublishOutcome.Failed;
import io.sluice.log.PublishOutcome.Stored;
import io.sluice.testing.Broker;
import io.sluice.testing.Topics;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Brokers that create topics by asking, which is what Kafka's do unless they are told not to. */
class DeletedTopicIT {
  @Test
  void aTopicThatWasDeletedDoesNotComeBackBecauseSomebodyPublishes() {
    try (Broker broker = Broker.own(Map.of("auto.create.topics.enable", "true"));
        OpenLog open = new OpenLog(broker)) {
      Topics topics = broker.topics();
      String topic = topics.create("gone", 1);
      assertThat(open.publish(record(topic, null, "k", "v"))).isInstanceOf(Stored.class);
      topics.delete(topic);
      // Until what was known before is no longer trusted.
      until(KafkaCatalog.TRUSTED_FOR, () -> assertThat(topics.names()).doesNotContain(topic));
      // Longer than metadata.max.age.ms: the producer has asked for what it knows meanwhile.
      until(
          Duration.ofSeconds(12),
          () -> {
            assertThat(open.publish(record(topic, null, "k", "v")))
                .isEqualTo(new Failed(new LogFailure.UnknownTopic(topic)));
            assertThat(topics.names()).doesNotContain(topic);
          });
    }
  }

  private static void until(Duration time, Runnable check) {
    long end = System.nanoTime() + time.toNanos();
    do {
      check.run();
    } while (System.nanoTime() < end);
  }
}
