package io.sluice.kafka;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * How far one live reader is behind the head of what it reads. The reader's thread looks, at most
 * once a second, at what its consumer knows from its last fetches: no question to a broker is
 * waited for. Read by any thread.
 */
final class LiveLag {
  private static final long PERIOD = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanoTime;
  private volatile long total;
  private volatile long largest;
  // Owned by the reader's thread.
  private long looked;

  LiveLag(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.looked = nanoTime.getAsLong() - PERIOD;
  }

  /** Records between the reader and the head, of all partitions that are read. */
  long total() {
    return total;
  }

  /** The same of the partition that has most. */
  long largest() {
    return largest;
  }

  /** A poll is over. Partitions of which the consumer knows nothing yet are left out. */
  void look(Consumer<?, ?> consumer) {
    long now = nanoTime.getAsLong();
    if (now - looked < PERIOD) {
      return;
    }
    looked = now;
    long sum = 0;
    long most = 0;
    for (TopicPartition partition : consumer.assignment()) {
      OptionalLong lag = consumer.currentLag(partition);
      if (lag.isPresent()) {
        sum += lag.getAsLong();
        most = Math.max(most, lag.getAsLong());
      }
    }
    total = sum;
    largest = most;
  }

  /** Nothing is read. */
  void none() {
    total = 0;
    largest = 0;
  }
}
