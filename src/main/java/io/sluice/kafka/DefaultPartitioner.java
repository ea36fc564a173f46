package io.sluice.kafka;

import io.sluice.log.RecordKey;
import org.apache.kafka.common.utils.Utils;

/** Where Kafka's producers put a key unless they are told otherwise. */
final class DefaultPartitioner {
  private DefaultPartitioner() {}

  /**
   * As the Java producer computes it (and librdkafka with {@code partitioner=murmur2_random}): the
   * hash of the key's bytes without its sign, over the number of partitions.
   */
  static int partition(RecordKey key, int partitionCount) {
    return Utils.toPositive(Utils.murmur2(key.bytes())) % partitionCount;
  }
}
