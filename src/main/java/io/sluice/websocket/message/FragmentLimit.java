package io.sluice.websocket.message;

import io.sluice.websocket.frame.CloseCode;
import io.sluice.websocket.frame.ProtocolViolation;
import org.jspecify.annotations.Nullable;

/**
 * Stops messages that are cut into so many pieces that headers outweigh the payload: cheap to send,
 * dear to receive.
 *
 * <p>A sender that streams cuts at its buffer size: nobody's honest message has a thousand
 * fragments not much larger than their own headers. Fragments of 64 bytes are legal in any number.
 */
final class FragmentLimit {
  /** Fragments that may be of any size. */
  static final int FREE_FRAGMENTS = 1024;

  /**
   * Payload per fragment, on average, that more of them must reach: over twice the 6 bytes around
   * it.
   */
  static final int MIN_AVERAGE_BYTES = 16;

  /** Fragments without payload in a row: at this one it ends. */
  static final int MAX_EMPTY_IN_A_ROW = 100;

  private static final ProtocolViolation TOO_SMALL =
      new ProtocolViolation(
          CloseCode.POLICY_VIOLATION,
          "From the "
              + (FREE_FRAGMENTS + 1)
              + "th fragment on they must average "
              + MIN_AVERAGE_BYTES
              + " bytes.");
  private static final ProtocolViolation TOO_MANY_EMPTY =
      new ProtocolViolation(
          CloseCode.POLICY_VIOLATION,
          "A message may not have " + MAX_EMPTY_IN_A_ROW + " empty fragments in a row.");

  private long fragments;
  private long bytes;
  private int emptyInARow;

  /** A fragment of {@code payloadBytes} begins: what is wrong with it, or null. */
  @Nullable ProtocolViolation add(long payloadBytes) {
    fragments++;
    bytes += payloadBytes;
    emptyInARow = payloadBytes == 0 ? emptyInARow + 1 : 0;
    if (emptyInARow >= MAX_EMPTY_IN_A_ROW) {
      return TOO_MANY_EMPTY;
    }
    return fragments > FREE_FRAGMENTS && bytes < fragments * MIN_AVERAGE_BYTES ? TOO_SMALL : null;
  }
}
