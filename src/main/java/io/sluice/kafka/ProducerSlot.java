package io.sluice.kafka;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one producer, replaced when it has failed for good: then whatever it held gets its outcome,
 * and the next one starts after a while that doubles. Owned by the publisher's thread.
 */
final class ProducerSlot {
  private static final Logger LOG = LoggerFactory.getLogger(ProducerSlot.class);
  private static final long FIRST_BACKOFF = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LAST_BACKOFF = TimeUnit.SECONDS.toNanos(5);

  /** A producer that lived this long was a good one: the next failure is a new story. */
  private static final long GOOD_AFTER = TimeUnit.SECONDS.toNanos(30);

  private final Supplier<Producer<byte[], byte[]>> producers;
  private final LongSupplier nanoTime;
  private final KafkaCounters counters;
  private @Nullable Producer<byte[], byte[]> producer;
  private int generation;
  private long backoff = FIRST_BACKOFF;
  private long notBefore;
  private long made;

  ProducerSlot(
      Supplier<Producer<byte[], byte[]>> producers, LongSupplier nanoTime, KafkaCounters counters) {
    this.producers = producers;
    this.nanoTime = nanoTime;
    this.counters = counters;
    this.notBefore = nanoTime.getAsLong();
  }

  /** The producer to use now; {@code null} while the next one has to wait. */
  @Nullable Producer<byte[], byte[]> current() {
    if (producer == null && nanoTime.getAsLong() - notBefore >= 0) {
      try {
        producer = producers.get();
        made = nanoTime.getAsLong();
      } catch (KafkaException e) {
        LOG.warn("No producer can be made.", e);
        delayNext();
      }
    }
    return producer;
  }

  /** Tells the producers apart: {@link #replace} is about one of them. */
  int generation() {
    return generation;
  }

  /** Gives up the producer of {@code failed}, unless that was done already. */
  void replace(int failed, Throwable why) {
    Producer<byte[], byte[]> old = producer;
    if (failed != generation || old == null) {
      return;
    }
    LOG.warn("The producer failed for good and is replaced.", why);
    counters.producersReplaced.increment();
    generation++;
    producer = null;
    if (nanoTime.getAsLong() - made >= GOOD_AFTER) {
      backoff = FIRST_BACKOFF;
    }
    delayNext();
    close(old, Duration.ZERO);
  }

  /**
   * Replaces a producer that is well: what it has on its way is waited for, at most {@code budget}.
   */
  void retire(Duration budget) {
    close(budget);
  }

  /** Sends what is buffered, at most for {@code budget}, and closes. */
  void close(Duration budget) {
    Producer<byte[], byte[]> old = producer;
    producer = null;
    generation++;
    if (old != null) {
      close(old, budget);
    }
  }

  private void delayNext() {
    notBefore = nanoTime.getAsLong() + backoff;
    backoff = Math.min(backoff * 2, LAST_BACKOFF);
  }

  private static void close(Producer<byte[], byte[]> old, Duration budget) {
    try {
      old.close(budget);
    } catch (KafkaException e) {
      LOG.debug("A producer did not close in order.", e);
    }
  }
}
