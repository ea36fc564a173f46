package io.sluice.websocket.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.websocket.frame.FrameReader;
import io.sluice.websocket.frame.MessageExtension;
import io.sluice.websocket.frame.Opcode;
import io.sluice.websocket.frame.ProtocolViolation;
import io.sluice.websocket.frame.Role;
import io.sluice.websocket.message.MessageReader;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Open} and {@link CloseSent} have in common: readers, control payload, the pong that
 * waits, and the way out.
 */
final class Exchange {
  final Connection connection;
  final ConnectionListener listener;
  final FrameReader frames;
  final MessageReader messages;
  final Outbound outbound;
  final MessageExtension extension;
  private final ByteBufAllocator allocator;

  /** Payload of a control frame that arrives in pieces; null otherwise. */
  private @Nullable ByteBuf controlPayload;

  /** Payload of the latest ping whose pong could not be written; null otherwise. */
  private @Nullable ByteBuf waitingPong;

  Exchange(
      Connection connection,
      Role role,
      int maxMessageBytes,
      MessageExtension extension,
      ByteBufAllocator allocator,
      Outbound outbound,
      ConnectionListener listener) {
    this.connection = connection;
    this.listener = listener;
    this.extension = extension;
    this.allocator = allocator;
    this.outbound = outbound;
    this.frames =
        new FrameReader(role, extension.reservedBits(), extension.maxPayloadBytes(maxMessageBytes));
    this.messages = new MessageReader(maxMessageBytes, extension, allocator);
  }

  /**
   * The next piece of a control frame: its whole payload, to be released by the caller, once it is
   * there; else null.
   */
  @Nullable ByteBuf controlPiece(ByteBuf in) {
    boolean last = frames.isLastPiece();
    ByteBuf payload = controlPayload;
    if (payload == null) {
      if (last) {
        return in.retainedSlice(frames.pieceIndex(), frames.pieceBytes());
      }
      payload = allocator.buffer((int) frames.payloadBytes());
    }
    payload.writeBytes(in, frames.pieceIndex(), frames.pieceBytes());
    controlPayload = last ? null : payload;
    return last ? payload : null;
  }

  /** Answers the latest ping, now or when the socket takes bytes (§5.5.2, §5.5.3). */
  void onPing(ByteBuf payload) {
    dropWaitingPong();
    if (listener.isWritable()) {
      outbound.control(Opcode.PONG, payload);
    } else {
      waitingPong = allocator.buffer(payload.readableBytes());
      waitingPong.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
    }
    listener.onPing(payload);
  }

  void flushPong() {
    ByteBuf payload = waitingPong;
    if (payload != null && listener.isWritable()) {
      waitingPong = null;
      outbound.control(Opcode.PONG, payload);
      payload.release();
    }
  }

  private void dropWaitingPong() {
    ByteBuf payload = waitingPong;
    waitingPong = null;
    if (payload != null) {
      payload.release();
    }
  }

  /**
   * Ends the conversation; {@code lastWords} is the payload of a close frame to send first, or null
   * for none.
   */
  void end(Ending ending, @Nullable ByteBuf lastWords) {
    connection.become(new Ended(ending));
    messages.clear();
    dropWaitingPong();
    if (controlPayload != null) {
      controlPayload.release();
      controlPayload = null;
    }
    extension.release();
    if (lastWords != null) {
      outbound.control(Opcode.CLOSE, lastWords);
      lastWords.release();
    }
    listener.onEnd(ending);
  }

  /**
   * The peer broke a rule before we had sent a close frame: name it, and read no further (§7.1.7).
   */
  void failWithClose(ProtocolViolation violation) {
    ByteBuf body = ClosePayload.of(violation.closeCode(), violation.sentence());
    end(new Ending.Failed(violation), body);
  }

  /**
   * The peer's close frame: how that ends the conversation (§5.5.1, §7.1.5); {@code answer} where
   * we owe one.
   */
  void onClose(ByteBuf payload, boolean answer) {
    ProtocolViolation violation = ClosePayload.check(payload);
    if (violation != null) {
      if (answer) {
        failWithClose(violation);
      } else {
        end(new Ending.Failed(violation), null);
      }
      return;
    }
    Ending.Closed closed = ClosePayload.read(payload);
    end(closed, answer ? ClosePayload.echoOf(payload) : null);
  }
}
