package io.sluice.log;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record read from the log. Its buffers may be slices of memory that the reader reuses: they are
 * valid only during the call that handed the record over, and whoever reads them leaves position
 * and limit as they were.
 *
 * @param partition where it stands
 * @param offset its offset there
 * @param timestamp milliseconds since the epoch, or {@link #NO_TIMESTAMP}
 * @param key its key, {@code null} where it has none
 * @param headers its headers, in order
 * @param value its value, {@code null} for a tombstone
 */
public record LogRecord(
    Partition partition,
    long offset,
    long timestamp,
    @Nullable ByteBuffer key,
    List<Header> headers,
    @Nullable ByteBuffer value) {
  /** The timestamp of a record that has none. */
  public static final long NO_TIMESTAMP = -1;

  /** Bytes of key, value and headers as the log stores them, without its own framing. */
  public int size() {
    int size = (key == null ? 0 : key.remaining()) + (value == null ? 0 : value.remaining());
    for (Header header : headers) {
      ByteBuffer bytes = header.value();
      size += header.name().length() + (bytes == null ? 0 : bytes.remaining());
    }
    return size;
  }

  @Override
  public String toString() {
    return partition + "@" + offset;
  }
}
