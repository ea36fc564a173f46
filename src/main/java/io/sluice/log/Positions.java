package io.sluice.log;

import java.util.Collections;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Where a reader stands: the next offset to read of each partition. Immutable; iterates in the
 * order of topics and partition numbers.
 *
 * @param byPartition next offset to read, by partition
 */
public record Positions(Map<Partition, Long> byPartition) {
  /** Stands nowhere. */
  public static final Positions NONE = new Positions(Map.of());

  public Positions {
    byPartition = Collections.unmodifiableMap(new TreeMap<>(byPartition));
  }

  /** The next offset to read of {@code partition}; empty where it is not named. */
  public OptionalLong of(Partition partition) {
    Long offset = byPartition.get(partition);
    return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  @Override
  public String toString() {
    return byPartition.size() <= 8 ? byPartition.toString() : byPartition.size() + " partitions";
  }
}
