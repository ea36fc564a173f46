package io.sluice.websocket.frame;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What a negotiated extension does to the payload of data messages (RFC 6455 §9), for one
 * connection and both directions. Called on the connection's thread only.
 *
 * <p>A message whose first frame carries one of {@link #reservedBits} passes through {@link
 * #decode}; any other is taken as it is. UTF-8 and the size limit are checked on what {@code
 * decode} puts out.
 */
public interface MessageExtension {
  /** No extension was negotiated: no reserved bit is allowed and nothing is changed. */
  MessageExtension NONE = new NoExtension();

  /** Bits it sets on the first frame of a message, RSV1 = 4. */
  int reservedBits();

  /**
   * Payload of one frame on the wire, at most, so that a message of {@code maxMessageBytes} always
   * fits.
   */
  long maxPayloadBytes(int maxMessageBytes);

  /**
   * Decodes the next piece of a message.
   *
   * @param piece payload as it came, unmasked; borrowed: its reader index may move, it must not be
   *     kept
   * @param last whether the message ends with this piece
   * @param target to append to; borrowed; it grows as needed
   * @param limit bytes that {@code target} may hold in all: work stops there, with 1009
   * @return what is wrong with the piece; null where nothing is
   */
  @Nullable ProtocolViolation decode(ByteBuf piece, boolean last, ByteBuf target, int limit);

  /**
   * Encodes a whole outgoing message.
   *
   * @param message the payload; borrowed: its indices must not move
   * @param target to append to; borrowed
   * @return the bits to set on the frame; 0 where the message is to be sent as it is and {@code
   *     target} is left empty
   */
  int encode(ByteBuf message, ByteBuf target);

  /** Frees what it holds. Called once, when the conversation has ended; nothing follows. */
  void release();
}
