package io.sluice.websocket.frame;

/**
 * What a peer did wrong, as a value.
 *
 * @param closeCode the status of the close frame that answers it ({@link CloseCode})
 * @param sentence one English sentence that names the rule or the limit; it becomes the close
 *     reason and holds nothing the peer sent
 */
public record ProtocolViolation(int closeCode, String sentence) {
  public ProtocolViolation {
    if (!CloseCode.mayBeSent(closeCode)) {
      throw new IllegalArgumentException(closeCode + " may not stand in a close frame");
    }
  }

  /** A breach of the framing or of the order of frames (1002). */
  public static ProtocolViolation protocolError(String sentence) {
    return new ProtocolViolation(CloseCode.PROTOCOL_ERROR, sentence);
  }

  /** A message over {@code limit} bytes (1009). */
  public static ProtocolViolation tooBig(long limit) {
    return new ProtocolViolation(
        CloseCode.TOO_BIG, "A message may have at most " + limit + " bytes.");
  }

  /** Bytes that are not UTF-8 where they must be (1007). */
  public static ProtocolViolation notUtf8(String what) {
    return new ProtocolViolation(CloseCode.INVALID_PAYLOAD, what + " is not valid UTF-8.");
  }
}
