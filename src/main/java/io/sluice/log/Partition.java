package io.sluice.log;

import java.util.Comparator;

/**
 * One partition of one topic, by name.
 *
 * @param topic the topic's name
 * @param number the partition's number, 0 or more
 */
public record Partition(String topic, int number) implements Comparable<Partition> {
  private static final Comparator<Partition> ORDER =
      Comparator.comparing(Partition::topic).thenComparingInt(Partition::number);

  @Override
  public int compareTo(Partition other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return topic + "-" + number;
  }
}
