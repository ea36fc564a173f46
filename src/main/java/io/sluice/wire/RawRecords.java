package io.sluice.wire;

import io.netty.buffer.ByteBuf;
import io.sluice.log.LogRecord;
import java.nio.ByteBuffer;

/** Records as their value alone, as it is (PROTOCOL §7). Stateless: any thread. */
public final class RawRecords {
  private RawRecords() {}

  /**
   * Whether the value is text: valid UTF-8, also empty. What is not there, a tombstone, is none.
   */
  public static boolean isText(LogRecord record) {
    ByteBuffer value = record.value();
    if (value == null) {
      return false;
    }
    int from = JsonOut.arrayFrom(value);
    return Utf8.isValid(JsonOut.array(value), from, from + value.remaining());
  }

  /** Bytes of the value; 0 for a tombstone. */
  public static int length(LogRecord record) {
    ByteBuffer value = record.value();
    return value == null ? 0 : value.remaining();
  }

  /** Writes the value; nothing for a tombstone. */
  public static void value(LogRecord record, ByteBuf out) {
    ByteBuffer value = record.value();
    if (value != null) {
      out.writeBytes(value.duplicate());
    }
  }
}
