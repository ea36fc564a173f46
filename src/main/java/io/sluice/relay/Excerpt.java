package io.sluice.relay;

import io.netty.buffer.ByteBuf;

/**
 * One message put together from parts of stretches: records are copied side by side, not encoded
 * again. One use.
 */
final class Excerpt {
  private final Encoder encoder;
  private final ByteBuf elements;
  private final int maxBytes;
  private final long maxRecords;
  private final int separatorBytes;
  private int records;

  /**
   * @param elements empty, for what is gathered; belongs to this excerpt
   * @param maxBytes what several records may have together; a larger one stands alone
   * @param maxRecords how many there may be, 1 or more
   */
  Excerpt(Encoder encoder, ByteBuf elements, int maxBytes, long maxRecords) {
    this.encoder = encoder;
    this.elements = elements;
    this.maxBytes = maxBytes;
    this.maxRecords = maxRecords;
    encoder.separator(elements);
    this.separatorBytes = elements.readableBytes();
    elements.clear();
  }

  /** Whether a run of so many records, and bytes with what stands between them, finds room. */
  boolean hasRoomFor(int more, int bytes) {
    int separated = records == 0 ? bytes : elements.readableBytes() + separatorBytes + bytes;
    return records + more <= maxRecords && (records + more == 1 || separated <= maxBytes);
  }

  /** Adds a run of records: {@code [index, index + length)} of {@code from}. */
  void add(ByteBuf from, int index, int length, int more) {
    if (records > 0) {
      encoder.separator(elements);
    }
    elements.writeBytes(from, index, length);
    records += more;
  }

  /** How many records it has. */
  int records() {
    return records;
  }

  /** Appends the message as one frame to {@code out}. */
  void frame(ByteBuf out) {
    encoder.frame(elements, 0, elements.readableBytes(), records, out);
  }

  void release() {
    elements.release();
  }
}
