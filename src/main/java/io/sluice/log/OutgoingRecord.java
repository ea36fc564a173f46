package io.sluice.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record to be written. Arrays are handed over: nobody changes them afterwards.
 *
 * @param topic where to
 * @param partition which partition, or {@code null} to let the key or the partitioner decide
 * @param timestamp milliseconds since the epoch, or {@code null} for now
 * @param key its key, or {@code null}
 * @param headers its headers, in order
 * @param value its value, or {@code null} for a tombstone
 */
public record OutgoingRecord(
    String topic,
    @Nullable Integer partition,
    @Nullable Long timestamp,
    byte @Nullable [] key,
    List<Header> headers,
    byte @Nullable [] value) {
  /** What a record takes in memory on its way beside its bytes, about. */
  public static final int OVERHEAD_BYTES = 200;

  /** What it counts towards limits on memory: also an empty record is one. */
  public int weight() {
    return OVERHEAD_BYTES + size();
  }

  /** Bytes of key, value and headers. */
  public int size() {
    int size = (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
    for (Header header : headers) {
      size += header.name().length() + (header.value() == null ? 0 : header.value().remaining());
    }
    return size;
  }

  @Override
  public String toString() {
    return "record of " + size() + " B for " + topic + (partition == null ? "" : "-" + partition);
  }
}
