package io.sluice.kafka;

import io.sluice.log.Partition;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How far the live reader is in one partition. Owned by its thread. */
final class Reading {
  private static final int NO_EPOCH = -1;

  final Partition partition;
  final TopicPartition key;

  /** The next offset to scan: where the next batch begins. */
  long next;

  /** True while it is not read, because nobody knows yet what became of its log. */
  boolean doubtful;

  private int epoch = NO_EPOCH;

  Reading(Partition partition, TopicPartition key, long next) {
    this.partition = partition;
    this.key = key;
    this.next = next;
  }

  /**
   * Remembers the newest leader epoch; true when what was read now is from an older one, which
   * happens only when the topic is another one.
   */
  boolean isOlderEpoch(
      List<ConsumerRecord<ByteBuffer, ByteBuffer>> records, OffsetAndMetadata end) {
    int first = records.isEmpty() ? NO_EPOCH : records.getFirst().leaderEpoch().orElse(NO_EPOCH);
    if (first != NO_EPOCH && first < epoch) {
      return true;
    }
    epoch = Math.max(epoch, end.leaderEpoch().orElse(first));
    return false;
  }

  void forgetEpoch() {
    epoch = NO_EPOCH;
  }
}
