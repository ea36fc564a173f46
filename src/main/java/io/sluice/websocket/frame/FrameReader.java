package io.sluice.websocket.frame;

import static io.sluice.websocket.frame.ProtocolViolation.protocolError;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Takes frames apart as their bytes arrive, however they are cut (RFC 6455 §5.2).
 *
 * <pre>
 *  7 6 5 4 3 2 1 0   7 6 5 4 3 2 1 0
 * +-+-+-+-+-------+ +-+-------------+ +---------------+ +---------+ +----------
 * |F|R|R|R| opcode| |M| length      | | 16 or 64 bits | | mask    | | payload
 * |I|S|S|S|       | |A| 0-125,      | | if length is  | | key, if | | XOR mask
 * |N|1|2|3|       | |S| 126, 127    | | 126, 127      | | masked  | |
 * +-+-+-+-+-------+ +-+-------------+ +---------------+ +---------+ +----------
 * </pre>
 *
 * <p>Pulled with {@link #next} until it answers {@link Step#MORE}. Each frame is {@code OPENED
 * HEADER PAYLOAD+}; a frame without payload has one empty piece. {@code VIOLATION} comes at the
 * first byte that is wrong and is the last thing a reader says: it must not be asked again. Header
 * fields live here and are overwritten by the next frame; payload is unmasked where it lies.
 * Nothing is allocated and nothing is kept of the input. Not thread-safe.
 */
public final class FrameReader {
  /** Payload of a control frame, at most (§5.5). */
  public static final int MAX_CONTROL_BYTES = 125;

  /** The bit of RSV1 as {@link #reservedBits} has it; RSV2 is 2, RSV3 is 1. */
  public static final int RSV1 = 4;

  /** What {@link #next} came to. */
  public enum Step {
    /** The input is used up. */
    MORE,
    /** The first byte is there: {@link #opcode}, {@link #isFinal}, {@link #reservedBits}. */
    OPENED,
    /** The whole header is there: {@link #payloadBytes} too. */
    HEADER,
    /** Payload is there: {@link #pieceIndex}, {@link #pieceBytes}, {@link #isLastPiece}. */
    PAYLOAD,
    /** The peer broke a rule: {@link #violation}. */
    VIOLATION
  }

  private enum State {
    FIRST_BYTE,
    SECOND_BYTE,
    LENGTH,
    MASK,
    PAYLOAD
  }

  private static final ProtocolViolation RESERVED_BITS =
      protocolError("A reserved bit is set that no negotiated extension uses.");
  private static final ProtocolViolation RESERVED_OPCODE =
      protocolError("The opcode is a reserved one.");
  private static final ProtocolViolation FRAGMENTED_CONTROL =
      protocolError("A control frame must not be fragmented.");
  private static final ProtocolViolation LONG_CONTROL =
      protocolError("A control frame may have at most " + MAX_CONTROL_BYTES + " bytes.");
  private static final ProtocolViolation NOT_MASKED =
      protocolError("A client must mask its frames.");
  private static final ProtocolViolation MASKED =
      protocolError("A server must not mask its frames.");
  private static final ProtocolViolation NOT_MINIMAL =
      protocolError("The payload length is not encoded in the fewest bytes.");
  private static final ProtocolViolation NEGATIVE_LENGTH =
      protocolError("The highest bit of a 64-bit payload length must be 0.");

  private final boolean expectsMask;
  private final int allowedBits;
  private final long maxPayloadBytes;

  private State state = State.FIRST_BYTE;
  private Opcode opcode = Opcode.CONTINUATION;
  private boolean fin;
  private int reservedBits;
  private boolean longLength;
  private int bytesWanted;
  private long payloadBytes;
  private long payloadLeft;
  private int maskKey;
  private int pieceIndex;
  private int pieceBytes;
  private @Nullable ProtocolViolation violation;

  /**
   * Creates a reader at the border of a frame.
   *
   * @param role our side: a server expects masked frames, a client unmasked ones; there is no third
   *     way (§5.1)
   * @param allowedBits reserved bits that a negotiated extension uses (RSV1 = 4); allowed on the
   *     first frame of a message
   * @param maxPayloadBytes payload of a data frame, at most; a larger one is refused at its header
   *     (1009)
   */
  public FrameReader(Role role, int allowedBits, long maxPayloadBytes) {
    this.expectsMask = role == Role.SERVER;
    this.allowedBits = allowedBits;
    this.maxPayloadBytes = maxPayloadBytes;
  }

  /**
   * Reads on. After {@link Step#PAYLOAD} the piece lies in {@code in} behind its reader index,
   * unmasked.
   *
   * @param in the input; its reader index moves; it stays the caller's, and payload in it is
   *     overwritten
   */
  public Step next(ByteBuf in) {
    while (state == State.PAYLOAD || in.isReadable()) {
      switch (state) {
        case FIRST_BYTE -> {
          return firstByte(in.readByte());
        }
        case SECOND_BYTE -> {
          Step step = secondByte(in.readByte());
          if (step != Step.MORE) {
            return step;
          }
        }
        case LENGTH -> {
          Step step = lengthByte(in.readUnsignedByte());
          if (step != Step.MORE) {
            return step;
          }
        }
        case MASK -> {
          if (bytesWanted == Integer.BYTES && in.readableBytes() >= Integer.BYTES) {
            maskKey = in.readInt(); // mostly it is there as a whole
            bytesWanted = 0;
          } else {
            maskKey = (maskKey << 8) | in.readUnsignedByte();
            bytesWanted--;
          }
          if (bytesWanted == 0) {
            return payloadFollows();
          }
        }
        case PAYLOAD -> {
          return payload(in);
        }
      }
    }
    return Step.MORE;
  }

  private Step firstByte(byte b) {
    Opcode code = Opcode.of(b);
    int bits = (b >> 4) & 7;
    boolean finalFrame = b < 0;
    if (code == null) {
      return violated(RESERVED_OPCODE);
    }
    boolean startsMessage = code == Opcode.TEXT || code == Opcode.BINARY;
    if ((bits & ~(startsMessage ? allowedBits : 0)) != 0) {
      return violated(RESERVED_BITS);
    }
    if (code.isControl() && !finalFrame) {
      return violated(FRAGMENTED_CONTROL);
    }
    opcode = code;
    reservedBits = bits;
    fin = finalFrame;
    state = State.SECOND_BYTE;
    return Step.OPENED;
  }

  private Step secondByte(byte b) {
    boolean masked = b < 0;
    int length = b & 0x7F;
    if (masked != expectsMask) {
      return violated(expectsMask ? NOT_MASKED : MASKED);
    }
    if (opcode.isControl() && length > MAX_CONTROL_BYTES) {
      return violated(LONG_CONTROL);
    }
    if (length >= 126) {
      longLength = length == 127;
      bytesWanted = longLength ? Long.BYTES : Short.BYTES;
      payloadBytes = 0;
      state = State.LENGTH;
      return Step.MORE;
    }
    payloadBytes = length;
    return isTooBig() ? violated(ProtocolViolation.tooBig(maxPayloadBytes)) : lengthKnown();
  }

  private Step lengthByte(int b) {
    if (longLength && bytesWanted == Long.BYTES && b > 0x7F) {
      return violated(NEGATIVE_LENGTH);
    }
    payloadBytes = (payloadBytes << 8) | b;
    bytesWanted--;
    boolean padded =
        longLength ? bytesWanted == 2 && payloadBytes == 0 : bytesWanted == 0 && payloadBytes < 126;
    if (padded) {
      return violated(NOT_MINIMAL);
    }
    // The bytes still to come can only make it larger.
    if (isTooBig()) {
      return violated(ProtocolViolation.tooBig(maxPayloadBytes));
    }
    return bytesWanted == 0 ? lengthKnown() : Step.MORE;
  }

  private boolean isTooBig() {
    return !opcode.isControl() && payloadBytes > maxPayloadBytes >>> (8 * bytesWanted);
  }

  private Step lengthKnown() {
    if (expectsMask) {
      bytesWanted = Integer.BYTES;
      state = State.MASK;
      return Step.MORE;
    }
    return payloadFollows();
  }

  private Step payloadFollows() {
    payloadLeft = payloadBytes;
    state = State.PAYLOAD;
    return Step.HEADER;
  }

  private Step payload(ByteBuf in) {
    int length = (int) Math.min(payloadLeft, in.readableBytes());
    if (length == 0 && payloadLeft != 0) {
      return Step.MORE;
    }
    pieceIndex = in.readerIndex();
    pieceBytes = length;
    if (expectsMask) {
      maskKey = Masking.apply(in, pieceIndex, length, maskKey);
    }
    in.skipBytes(length);
    payloadLeft -= length;
    if (payloadLeft == 0) {
      state = State.FIRST_BYTE;
    }
    return Step.PAYLOAD;
  }

  private Step violated(ProtocolViolation what) {
    violation = what;
    return Step.VIOLATION;
  }

  /** Opcode of the present frame. */
  public Opcode opcode() {
    return opcode;
  }

  /** Whether the present frame ends its message (FIN). */
  public boolean isFinal() {
    return fin;
  }

  /** RSV1 to RSV3 of the present frame as three bits, RSV1 the highest. */
  public int reservedBits() {
    return reservedBits;
  }

  /** Declared payload of the present frame, in bytes. */
  public long payloadBytes() {
    return payloadBytes;
  }

  /** Where the present piece of payload begins in the input. */
  public int pieceIndex() {
    return pieceIndex;
  }

  /** Length of the present piece of payload. */
  public int pieceBytes() {
    return pieceBytes;
  }

  /** Whether the present piece ends its frame. */
  public boolean isLastPiece() {
    return payloadLeft == 0;
  }

  /** Whether a frame has begun and not ended. */
  public boolean isInsideFrame() {
    return state != State.FIRST_BYTE;
  }

  /** What the peer did wrong. Only after {@link Step#VIOLATION}. */
  public ProtocolViolation violation() {
    if (violation == null) {
      throw new IllegalStateException("violation() was asked in state " + state + ", before any");
    }
    return violation;
  }
}
