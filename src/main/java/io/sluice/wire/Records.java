package io.sluice.wire;

import io.netty.buffer.ByteBuf;
import io.sluice.log.Gap;
import io.sluice.log.LogRecord;

/**
 * Writes the records of one feed as they stand in a {@code records} message (PROTOCOL §3): an
 * opening, a run of elements with separators between them, a closing. Immutable: any thread.
 */
public sealed interface Records permits JsonRecords, CborRecords {
  /** Writes what stands before {@code count} records. */
  void open(int count, ByteBuf out);

  /** Bytes that {@link #open} writes before {@code count} records. */
  int openingBytes(int count);

  /** Writes one record. */
  void element(LogRecord record, ByteBuf out);

  /** Writes what stands between two records. */
  void separator(ByteBuf out);

  /** Writes what stands after the last record. */
  void close(ByteBuf out);

  /** Bytes that {@link #close} writes. */
  int closingBytes();

  /** Writes a whole {@code gap} message. */
  void gap(Gap gap, ByteBuf out);
}
