package io.sluice.bench;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** What stamped records come from: one producer, as fast as it can or at a rate. One thread. */
final class Feed implements AutoCloseable {
  private final KafkaProducer<String, byte[]> producer;
  private final AtomicReference<String> failure = new AtomicReference<>("");

  /**
   * @param lingerMillis how long the producer gathers records: 0 where each is due at its moment
   */
  Feed(String bootstrapServers, int lingerMillis) {
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "acks",
                "all",
                "linger.ms",
                lingerMillis,
                "batch.size",
                128 * 1024),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /** Stores records {@code 0} to {@code records} (excluded) at once. */
  void fill(String topic, int valueBytes, long records) {
    for (long seq = 0; seq < records; seq++) {
      send(topic, null, StampedValue.of(valueBytes, seq, System.nanoTime()));
    }
    flush();
  }

  /** As the other {@code pace}, without keys and until {@code isWanted} says no. */
  void paceWhile(String topic, int valueBytes, double rate, BooleanSupplier isWanted) {
    pace(topic, valueBytes, Long.MAX_VALUE, 1, rate, isWanted);
  }

  /**
   * Sends as many records as the rate wants, each at its moment: one that is late because the ones
   * before it were still counts from when it was due. Returns when all are stored.
   *
   * @param keys how many keys take turns; each counts its own records. 1: no keys
   * @param rate records a second
   */
  void pace(String topic, int valueBytes, long records, int keys, double rate) {
    pace(topic, valueBytes, records, keys, rate, () -> true);
  }

  private void pace(
      String topic, int valueBytes, long records, int keys, double rate, BooleanSupplier isWanted) {
    producer.partitionsFor(topic); // or the first records would wait for it
    long began = System.nanoTime();
    for (long i = 0; i < records && isWanted.getAsBoolean(); i++) {
      long due = began + (long) (i * 1e9 / rate);
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      @Nullable String key = keys == 1 ? null : "k" + i % keys;
      send(topic, key, StampedValue.of(valueBytes, i / keys, due));
    }
    flush();
  }

  private void send(String topic, @Nullable String key, byte[] value) {
    producer.send(
        new ProducerRecord<>(topic, key, value),
        (_, e) -> {
          if (e != null) {
            failure.compareAndSet("", e.toString());
          }
        });
  }

  private void flush() {
    producer.flush();
    if (!failure.get().isEmpty()) {
      throw new IllegalStateException("The feed could not store its records: " + failure.get());
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
