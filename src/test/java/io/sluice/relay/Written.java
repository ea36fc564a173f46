package io.sluice.relay;

import io.sluice.log.Partition;
import io.sluice.log.TopicId;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every record that was ever written, by the topic that it was written to: one that was made again
 * is another. A value says whose it is: {@code topic id:key:partition:offset:…}.
 */
final class Written {
  private record Place(TopicId topic, Partition partition) {}

  private final Map<Place, NavigableMap<Long, String>> records = new HashMap<>();
  private final Map<Place, Long> oldest = new HashMap<>();
  private final Map<String, TopicId> ids = new HashMap<>();

  static String value(
      TopicId topic, @Nullable String key, Partition partition, long offset, int size) {
    return String.join(
        ":",
        topic.value(),
        key == null ? "" : key,
        "" + partition.number(),
        "" + offset,
        "x".repeat(size));
  }

  /** The topic that wrote {@code value}. */
  static TopicId topicOf(String value) {
    return new TopicId(value.substring(0, value.indexOf(':')));
  }

  static boolean hasKey(String value, String key) {
    return value.startsWith(key + ":", value.indexOf(':') + 1);
  }

  void topicIs(String name, TopicId id) {
    ids.put(name, id);
  }

  /** The topic that has the name now, or had it last. */
  TopicId topic(String name) {
    return ids.getOrDefault(name, new TopicId("none"));
  }

  void add(TopicId topic, Partition partition, long offset, String value) {
    records.computeIfAbsent(new Place(topic, partition), key -> new TreeMap<>()).put(offset, value);
  }

  /** Retention took what lies below {@code offset}. */
  void lost(TopicId topic, Partition partition, long offset) {
    oldest.merge(new Place(topic, partition), offset, Math::max);
  }

  long oldest(TopicId topic, Partition partition) {
    return oldest.getOrDefault(new Place(topic, partition), 0L);
  }

  /** The records of a partition, as long as it was of that topic. */
  NavigableMap<Long, String> of(TopicId topic, Partition partition) {
    return records.getOrDefault(new Place(topic, partition), new TreeMap<>());
  }
}
