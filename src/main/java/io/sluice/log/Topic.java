package io.sluice.log;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A topic as the cluster described it at one moment.
 *
 * @param name the topic's name
 * @param id its identity
 * @param partitionCount how many partitions it has, numbered from 0; grows, never shrinks under one
 *     id
 */
public record Topic(String name, TopicId id, int partitionCount) {
  /** Characters of the longest name of a topic (Kafka's own limit). */
  public static final int MAX_NAME_LENGTH = 249;

  /** All partitions, in the order of their numbers. */
  public List<Partition> partitions() {
    return IntStream.range(0, partitionCount)
        .mapToObj(number -> new Partition(name, number))
        .toList();
  }
}
