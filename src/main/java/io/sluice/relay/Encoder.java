package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import io.sluice.log.Gap;
import io.sluice.log.LogRecord;

/**
 * Turns records into frames that go to sockets as they are. Has no state: any thread, several at
 * once.
 *
 * <p>A frame is a header and a message; the message is an opening, a run of elements with
 * separators between them, and a closing. Elements do not depend on their neighbours, so any run of
 * them makes a frame without encoding a record again.
 */
public interface Encoder {
  /** Appends one record to {@code out}, as an element of a {@code records} message. */
  void element(LogRecord record, ByteBuf out);

  /** Appends what stands between two elements ("," in JSON, nothing elsewhere). */
  void separator(ByteBuf out);

  /**
   * Appends a whole frame to {@code out}: header, opening, elements, closing. Leaves the indexes of
   * {@code elements} as they were.
   *
   * @param elements holds the elements with their separators
   * @param index where the run begins in {@code elements}
   * @param length bytes of the run, from its first element's first byte to its last element's last
   * @param count how many elements it has, at least 1
   * @return at which offset from the start of the frame the elements begin
   */
  int frame(ByteBuf elements, int index, int length, int count, ByteBuf out);

  /** Appends a whole frame with a {@code gap} message to {@code out}. */
  void gap(Gap gap, ByteBuf out);
}
