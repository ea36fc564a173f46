package io.sluice.kafka;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What the live reader reads, and what of it its consumer does not know yet. Owned by the reader's
 * thread.
 */
final class LiveAssignment {
  private final Map<TopicPartition, Reading> readings = new LinkedHashMap<>();
  private final Set<Reading> toSeek = new HashSet<>();
  private boolean changed;

  /** What is read of {@code key}; {@code null} where nothing is. */
  @Nullable Reading of(TopicPartition key) {
    return readings.get(key);
  }

  /** The partitions, doubtful ones included. */
  Set<TopicPartition> keys() {
    return readings.keySet();
  }

  /** Those readings of which {@code which} is true. */
  List<Reading> matching(Predicate<Reading> which) {
    return readings.values().stream().filter(which).toList();
  }

  /** True while there is nothing to poll for. */
  boolean isIdle() {
    return readings.values().stream().allMatch(reading -> reading.doubtful);
  }

  void add(Reading reading) {
    readings.put(reading.key, reading);
    seekLater(reading);
  }

  void remove(TopicPartition key) {
    Reading removed = readings.remove(key);
    if (removed != null) {
      toSeek.remove(removed);
      changed = true;
    }
  }

  /** Does not ask for {@code reading} until it is {@link #resume resumed}. */
  void putAside(Reading reading) {
    reading.doubtful = true;
    reading.forgetEpoch();
    seekLater(reading);
  }

  void resume(Reading reading) {
    reading.doubtful = false;
    seekLater(reading);
  }

  /** A new consumer knows nothing. */
  void forgetConsumer() {
    changed = true;
    toSeek.addAll(readings.values());
  }

  /** Tells {@code consumer} what has changed. */
  void applyTo(Consumer<ByteBuffer, ByteBuffer> consumer) {
    if (!changed) {
      return;
    }
    List<TopicPartition> wanted = new ArrayList<>(readings.size());
    for (Reading reading : readings.values()) {
      if (!reading.doubtful) {
        wanted.add(reading.key);
      }
    }
    consumer.assign(wanted);
    for (Reading reading : toSeek) {
      if (!reading.doubtful) {
        consumer.seek(reading.key, reading.next);
      }
    }
    toSeek.removeIf(reading -> !reading.doubtful);
    changed = false;
  }

  private void seekLater(Reading reading) {
    toSeek.add(reading);
    changed = true;
  }
}
