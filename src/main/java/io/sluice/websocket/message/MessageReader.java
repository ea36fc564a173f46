package io.sluice.websocket.message;

import static io.sluice.websocket.frame.ProtocolViolation.notUtf8;
import static io.sluice.websocket.frame.ProtocolViolation.protocolError;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.websocket.frame.MessageExtension;
import io.sluice.websocket.frame.Opcode;
import io.sluice.websocket.frame.ProtocolViolation;
import org.jspecify.annotations.Nullable;

/**
 * Joins the data frames of one direction to whole messages (RFC 6455 §5.4, §5.6, §8.1).
 *
 * <p>Per frame {@code opened announced piece+}; each answers with what is wrong, or null. When a
 * piece completes the message, {@link #takeMessage} must follow. A message that lies whole in the
 * input is handed on as a slice of it; any other is copied, as it arrives, into one buffer that
 * grows with what was received (at most twice of it), never with what was announced. Not
 * thread-safe.
 */
public final class MessageReader {
  private static final ProtocolViolation NOTHING_TO_CONTINUE =
      protocolError("A continuation frame came without a message to continue.");
  private static final ProtocolViolation NOT_ENDED =
      protocolError("A new message began before the last one had ended.");
  private static final ProtocolViolation NOT_UTF8 = notUtf8("A text message");

  private final int maxMessageBytes;
  private final MessageExtension extension;
  private final ByteBufAllocator allocator;
  private final Utf8Check utf8 = new Utf8Check();

  /** What the present message is; null between messages. */
  private @Nullable Opcode kind;

  /** Counts the fragments of the present message; null where it has one frame, or there is none. */
  private @Nullable FragmentLimit fragments;

  private boolean finalFrame;
  private boolean encoded;
  private boolean complete;
  private @Nullable ByteBuf gathered;

  /**
   * Creates a reader between two messages.
   *
   * @param maxMessageBytes payload of a message, at most, after decoding; more is refused with 1009
   * @param extension decodes messages whose first frame carries one of its bits
   * @param allocator for messages that do not lie whole in the input
   */
  public MessageReader(
      int maxMessageBytes, MessageExtension extension, ByteBufAllocator allocator) {
    this.maxMessageBytes = maxMessageBytes;
    this.extension = extension;
    this.allocator = allocator;
  }

  /** The first byte of a data frame: may it stand here (§5.4)? */
  public @Nullable ProtocolViolation opened(Opcode opcode, boolean fin, int reservedBits) {
    boolean continues = opcode == Opcode.CONTINUATION;
    if (continues != (kind != null)) {
      return continues ? NOTHING_TO_CONTINUE : NOT_ENDED;
    }
    finalFrame = fin;
    if (!continues) {
      kind = opcode;
      encoded = reservedBits != 0;
      utf8.reset();
      fragments = fin ? null : new FragmentLimit();
    }
    return null;
  }

  /** The length of that frame: does it fit into the message, and is it no crumb? */
  public @Nullable ProtocolViolation announced(long payloadBytes) {
    if (!encoded && payloadBytes > maxMessageBytes - bufferedBytes()) {
      return ProtocolViolation.tooBig(maxMessageBytes);
    }
    return fragments == null ? null : fragments.add(payloadBytes);
  }

  /**
   * A piece of its payload, unmasked.
   *
   * @param in holds the piece; borrowed, its indices do not move
   * @param lastPiece whether the frame ends with it
   */
  public @Nullable ProtocolViolation piece(ByteBuf in, int index, int length, boolean lastPiece) {
    boolean last = lastPiece && finalFrame;
    ProtocolViolation violation =
        encoded ? decode(in, index, length, last) : take(in, index, length, last);
    if (violation != null) {
      return violation;
    }
    if (last) {
      if (kind == Opcode.TEXT && !utf8.isComplete()) {
        return NOT_UTF8;
      }
      if (gathered == null) {
        gathered = in.retainedSlice(index, length);
      }
      complete = true;
    }
    return null;
  }

  private @Nullable ProtocolViolation take(ByteBuf in, int index, int length, boolean last) {
    if (kind == Opcode.TEXT && !utf8.accepts(in, index, length)) {
      return NOT_UTF8;
    }
    if (length > 0 && !(last && gathered == null)) {
      gathering(length).writeBytes(in, index, length);
    }
    return null;
  }

  private @Nullable ProtocolViolation decode(ByteBuf in, int index, int length, boolean last) {
    ByteBuf target = gathering(length);
    int before = target.writerIndex();
    ProtocolViolation violation =
        extension.decode(in.slice(index, length), last, target, maxMessageBytes);
    if (violation != null) {
      return violation;
    }
    int decoded = target.writerIndex() - before;
    return kind == Opcode.TEXT && !utf8.accepts(target, before, decoded) ? NOT_UTF8 : null;
  }

  private ByteBuf gathering(int firstBytes) {
    ByteBuf buffer = gathered;
    if (buffer == null) {
      buffer = allocator.buffer(firstBytes, Integer.MAX_VALUE);
      gathered = buffer;
    }
    return buffer;
  }

  /** Whether the last piece completed a message. */
  public boolean isComplete() {
    return complete;
  }

  /** Whether the present message is text. */
  public boolean isText() {
    return kind == Opcode.TEXT;
  }

  /**
   * Hands over the message that the last piece completed; the caller releases it. The reader stands
   * between messages.
   */
  public ByteBuf takeMessage() {
    ByteBuf message = gathered;
    if (!complete || message == null) {
      throw new IllegalStateException("a message was asked for before it was complete");
    }
    gathered = null;
    clear();
    return message;
  }

  /** Whether a message has begun and not ended. */
  public boolean isInsideMessage() {
    return kind != null;
  }

  /** Bytes held of the message that has begun. */
  public int bufferedBytes() {
    return gathered == null ? 0 : gathered.readableBytes();
  }

  /** Drops the message that has begun and frees what was copied of it. */
  public void clear() {
    kind = null;
    fragments = null;
    complete = false;
    ByteBuf buffer = gathered;
    gathered = null;
    if (buffer != null) {
      buffer.release();
    }
  }
}
