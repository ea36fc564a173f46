package io.sluice.relay;

import io.sluice.log.Catalog;
import io.sluice.log.Isolation;
import io.sluice.log.Partition;
import io.sluice.log.RecordKey;
import io.sluice.log.Topic;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is read: scanned once, whatever the number of feeds made of it.
 *
 * @param topics the topics
 * @param key only records with this key; {@code null} for all
 * @param keyPartitioned whether the writers leave the partition of a key to the log's default
 *     partitioner and the topics have had their number of partitions from their first record on:
 *     then only the partition of {@code key} is read. Without a key it means nothing and is false
 * @param isolation which records there are; each isolation has a reader of its own
 */
public record Selection(
    Topics topics, @Nullable RecordKey key, boolean keyPartitioned, Isolation isolation) {
  public Selection {
    keyPartitioned = keyPartitioned && key != null;
  }

  /** Committed records. */
  public Selection(Topics topics, @Nullable RecordKey key, boolean keyPartitioned) {
    this(topics, key, keyPartitioned, Isolation.READ_COMMITTED);
  }

  /** All records of one topic. */
  public static Selection of(String topic) {
    return new Selection(new Topics.Named(List.of(topic)), null, false);
  }

  /** The partitions of {@code topic} that hold its records. */
  List<Partition> partitionsOf(Topic topic, Catalog catalog) {
    return keyPartitioned && key != null
        ? List.of(catalog.partitionOf(key, topic))
        : topic.partitions();
  }

  @Override
  public String toString() {
    return key == null ? topics.toString() : topics + " with a " + key;
  }
}
