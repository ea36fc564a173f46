package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.GatewayProcess;
import io.sluice.testing.Latencies;
import io.sluice.testing.Swarm;
import io.sluice.testing.SwarmMember;
import io.sluice.testing.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** One reads a million old records; the others, on the same topic, do not notice. */
class EarliestDoesNotDelayLatestIT {
  private static final int RECORDS = 1_000_000;
  private static final int READERS = 20;
  private static final int PER_SECOND = 100;

  /**
   * On two cores that broker, gateway, producer and clients share; without a replay it is a few
   * milliseconds.
   */
  private static final long BOUND_MILLIS = 100;

  @Test
  void aMillionRecordsForOneDoNotDelayTheOthers() {
    Broker broker = Broker.shared();
    String topic = broker.topics().create("million", 2);
    fill(broker, topic);
    try (GatewayProcess gateway = GatewayProcess.start(broker);
        Swarm readers = new Swarm();
        Swarm latecomer = new Swarm();
        Writer writer = Writer.direct("live", broker, topic, 100, PER_SECOND)) {
      List<SwarmMember> latest = readers.join(gateway.ws(), READERS, topic, "\"latest\"");
      Swarm.await(
          latest, member -> member.received() > 4 * PER_SECOND, Duration.ofSeconds(20)); // warm
      Latencies quiet = readers.measure();
      Eventually.until(
          () -> quiet.count() > 3L * READERS * PER_SECOND,
          Duration.ofSeconds(20),
          () -> "Nothing flows: " + quiet);

      Latencies during = readers.measure();
      long began = System.nanoTime();
      SwarmMember earliest = latecomer.join(gateway.ws(), 1, topic, "\"earliest\"").getFirst();
      Swarm.await(
          List.of(earliest),
          member -> member.received() >= RECORDS && member.lives() == 1,
          Duration.ofSeconds(90));
      long millis = (System.nanoTime() - began) / 1_000_000;
      readers.measure();

      System.out.println("quiet: " + quiet + "; during a replay of " + millis + " ms: " + during);
      assertThat(earliest.fault()).isEmpty();
      assertThat(latest).allMatch(member -> member.fault().isEmpty() && member.closed().isEmpty());
      assertThat(during.count())
          .as("latencies were measured during the replay")
          .isGreaterThan(READERS * 20L);
      assertThat(during.percentile(0.99))
          .as("p99 during the replay; quiet: %s, during: %s", quiet, during)
          .isLessThanOrEqualTo(quiet.percentile(0.99) + BOUND_MILLIS);
      writer.finish();
    }
  }

  private static void fill(Broker broker, String topic) {
    byte[] value =
        "a small record of some fifty bytes, and no JSON".getBytes(StandardCharsets.UTF_8);
    try (KafkaProducer<String, byte[]> producer =
        broker
            .topics()
            .producer(
                Map.of("linger.ms", 20, "batch.size", 128 * 1024, "buffer.memory", 64L << 20))) {
      for (int i = 0; i < RECORDS; i++) {
        var unused = producer.send(new ProducerRecord<>(topic, i & 1, null, value));
      }
      producer.flush();
    }
  }
}
