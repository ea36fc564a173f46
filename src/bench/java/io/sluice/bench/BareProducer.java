package io.sluice.bench;

import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Baseline (d): one {@code KafkaProducer} with as many records unanswered as all publishing clients
 * together have, and no client: the most that a gateway with one producer can reach.
 */
public final class BareProducer {
  private static final long LONGEST_NANOS = 600_000_000_000L;
  private static final int WARM_UP_SECONDS = 4;

  private BareProducer() {}

  /**
   * Produces, and says what came of it as one line of JSON.
   *
   * @param args the brokers, the topic, bytes of a value, records unanswered at once, seconds
   */
  public static void main(String[] args) throws InterruptedException {
    byte[] value = StampedValue.blank(Integer.parseInt(args[2]));
    int inFlight = Integer.parseInt(args[3]);
    long seconds = Long.parseLong(args[4]);
    Semaphore slots = new Semaphore(inFlight);
    Histogram answered = new ConcurrentHistogram(LONGEST_NANOS, 3);
    AtomicReference<String> fault = new AtomicReference<>("");
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", args[0], "acks", "all", "linger.ms", 1),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      Thread producing =
          Thread.ofPlatform()
              .daemon()
              .start(() -> produce(producer, args[1], value, slots, answered, fault));
      LockSupport.parkNanos(WARM_UP_SECONDS * 1_000_000_000L);
      answered.reset();
      double cpu = ProcStat.self().cpuSeconds();
      long began = System.nanoTime();
      LockSupport.parkNanos(seconds * 1_000_000_000L);
      Histogram during = answered.copy();
      double took = (System.nanoTime() - began) / 1e9;
      System.out.printf(
          java.util.Locale.ROOT,
          "{\"deliveries\":%d,\"seconds\":%f,\"cpuSeconds\":%f,\"p50ms\":%f,\"p99ms\":%f,"
              + "\"p999ms\":%f,\"fault\":\"%s\"}%n",
          during.getTotalCount(),
          took,
          ProcStat.self().cpuSeconds() - cpu,
          during.getValueAtPercentile(50) / 1e6,
          during.getValueAtPercentile(99) / 1e6,
          during.getValueAtPercentile(99.9) / 1e6,
          fault.get());
      System.out.flush();
      producing.interrupt();
      producing.join(1000);
    }
    System.exit(0);
  }

  private static void produce(
      KafkaProducer<byte[], byte[]> producer,
      String topic,
      byte[] value,
      Semaphore slots,
      Histogram answered,
      AtomicReference<String> fault) {
    try {
      while (true) {
        slots.acquire();
        long sentAt = System.nanoTime();
        producer.send(
            new ProducerRecord<>(topic, value),
            (_, e) -> {
              slots.release();
              if (e != null) {
                fault.compareAndSet("", e.toString());
              }
              answered.recordValue(Math.min(System.nanoTime() - sentAt, LONGEST_NANOS));
            });
      }
    } catch (InterruptedException | org.apache.kafka.common.errors.InterruptException e) {
      Thread.currentThread().interrupt(); // the end
    }
  }
}
