package io.sluice.kafka;

import io.sluice.log.Header;
import io.sluice.log.LogRecord;
import io.sluice.log.OutgoingRecord;
import io.sluice.log.Partition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;

/** Translates records between Kafka's classes and the log's, without copying keys and values. */
final class Records {
  private Records() {}

  static TopicPartition toKafka(Partition partition) {
    return new TopicPartition(partition.topic(), partition.number());
  }

  static Partition ofKafka(TopicPartition partition) {
    return new Partition(partition.topic(), partition.partition());
  }

  /**
   * {@code partition} is the one that {@code record} is from, so that all records of a read share
   * it.
   */
  static LogRecord ofKafka(Partition partition, ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    return new LogRecord(
        partition,
        record.offset(),
        record.timestamp(),
        record.key(),
        headersOf(record.headers()),
        record.value());
  }

  static List<org.apache.kafka.common.header.Header> toKafka(List<Header> headers) {
    if (headers.isEmpty()) {
      return List.of();
    }
    List<org.apache.kafka.common.header.Header> result = new ArrayList<>(headers.size());
    for (Header header : headers) {
      ByteBuffer value = header.value();
      result.add(new RecordHeader(header.name(), value == null ? null : bytes(value)));
    }
    return result;
  }

  /**
   * Bytes that Kafka's limits count on top of {@link OutgoingRecord#size} for this record in a
   * batch of its own: at most so many, and as many as the producer itself expects.
   */
  static int framing(OutgoingRecord record) {
    return AbstractRecords.estimateSizeInBytesUpperBound(
            RecordBatch.CURRENT_MAGIC_VALUE,
            CompressionType.NONE,
            record.key(),
            record.value(),
            toKafka(record.headers()).toArray(new org.apache.kafka.common.header.Header[0]))
        - record.size();
  }

  private static List<Header> headersOf(org.apache.kafka.common.header.Headers headers) {
    List<Header> result = null;
    for (org.apache.kafka.common.header.Header header : headers) {
      if (result == null) {
        result = new ArrayList<>(4);
      }
      byte[] value = header.value();
      result.add(new Header(header.key(), value == null ? null : ByteBuffer.wrap(value)));
    }
    return result == null ? List.of() : result;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
