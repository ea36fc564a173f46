package io.sluice.websocket.connection;

import io.netty.buffer.ByteBuf;
import io.sluice.websocket.frame.FrameReader;
import io.sluice.websocket.frame.Opcode;
import io.sluice.websocket.frame.ProtocolViolation;
import org.jspecify.annotations.Nullable;

/**
 * Both sides may talk.
 *
 * <p>Payload that is to be sent is handed over: the engine releases it, also where it throws. An
 * {@code Open} that the conversation has left answers every move with an {@link
 * IllegalStateException}.
 */
public final class Open extends ConnectionState {
  private final Exchange exchange;

  Open(Exchange exchange) {
    this.exchange = exchange;
  }

  /** Sends a text message; {@code utf8} must be valid UTF-8, which is not checked. */
  public void sendText(ByteBuf utf8) {
    sendData(Opcode.TEXT, utf8);
  }

  /** Sends a binary message. */
  public void sendBinary(ByteBuf bytes) {
    sendData(Opcode.BINARY, bytes);
  }

  /** Sends a ping of at most 125 bytes. */
  public void ping(ByteBuf payload) {
    sendControl(Opcode.PING, payload);
  }

  /**
   * Sends a pong that nobody asked for, of at most 125 bytes: a heartbeat in one direction (RFC
   * 6455 §5.5.3).
   */
  public void pong(ByteBuf payload) {
    sendControl(Opcode.PONG, payload);
  }

  /**
   * Begins to close: the peer is asked for its close frame, and what else it still sends is
   * dropped.
   *
   * @param code as {@link io.sluice.websocket.frame.CloseCode#mayBeSent} allows
   * @param reason short and in English; cut to 123 bytes of UTF-8
   */
  public void close(int code, String reason) {
    checkCurrent("close");
    ByteBuf payload = ClosePayload.of(code, reason);
    exchange.messages.clear();
    exchange.connection.become(new CloseSent(exchange));
    exchange.outbound.control(Opcode.CLOSE, payload);
    payload.release();
  }

  /**
   * Ends the conversation at once because of what the peer did: sends a close frame and reads no
   * further (§7.1.7).
   */
  public void fail(ProtocolViolation violation) {
    checkCurrent("fail");
    exchange.failWithClose(violation);
  }

  @Override
  boolean advance(ByteBuf in) {
    FrameReader frames = exchange.frames;
    FrameReader.Step step = frames.next(in);
    boolean control = frames.opcode().isControl();
    switch (step) {
      case MORE -> {
        return false;
      }
      case OPENED -> {
        if (!control) {
          judge(exchange.messages.opened(frames.opcode(), frames.isFinal(), frames.reservedBits()));
        }
      }
      case HEADER -> {
        if (!control) {
          judge(exchange.messages.announced(frames.payloadBytes()));
        }
      }
      case PAYLOAD -> {
        if (control) {
          controlPiece(in);
        } else {
          dataPiece(in);
        }
      }
      case VIOLATION -> judge(frames.violation());
    }
    return true;
  }

  private void judge(@Nullable ProtocolViolation violation) {
    if (violation != null) {
      exchange.failWithClose(violation);
    }
  }

  private void dataPiece(ByteBuf in) {
    FrameReader frames = exchange.frames;
    judge(
        exchange.messages.piece(
            in, frames.pieceIndex(), frames.pieceBytes(), frames.isLastPiece()));
    if (exchange.messages.isComplete()) {
      boolean text = exchange.messages.isText();
      ByteBuf message = exchange.messages.takeMessage();
      try {
        if (text) {
          exchange.listener.onText(message);
        } else {
          exchange.listener.onBinary(message);
        }
      } finally {
        message.release();
      }
    }
  }

  private void controlPiece(ByteBuf in) {
    Opcode opcode = exchange.frames.opcode();
    ByteBuf payload = exchange.controlPiece(in);
    if (payload != null) {
      try {
        switch (opcode) {
          case PING -> exchange.onPing(payload);
          case PONG -> exchange.listener.onPong(payload);
          default -> exchange.onClose(payload, true);
        }
      } finally {
        payload.release();
      }
    }
  }

  @Override
  void flushPong() {
    exchange.flushPong();
  }

  @Override
  void streamEnded() {
    exchange.end(new Ending.Lost(), null);
  }

  private void sendData(Opcode opcode, ByteBuf payload) {
    checkCurrent("send " + opcode, payload);
    exchange.outbound.message(opcode, payload, exchange.extension);
  }

  private void sendControl(Opcode opcode, ByteBuf payload) {
    checkCurrent("send " + opcode, payload);
    try {
      if (payload.readableBytes() > FrameReader.MAX_CONTROL_BYTES) {
        throw new IllegalArgumentException(
            "a control frame has at most " + FrameReader.MAX_CONTROL_BYTES + " bytes");
      }
      exchange.outbound.control(opcode, payload);
    } finally {
      payload.release();
    }
  }

  private void checkCurrent(String move, ByteBuf payload) {
    if (exchange.connection.state() != this) {
      payload.release();
      checkCurrent(move);
    }
  }

  private void checkCurrent(String move) {
    if (exchange.connection.state() != this) {
      throw new IllegalStateException(
          "cannot "
              + move
              + ": the conversation is no longer open but "
              + exchange.connection.state());
    }
  }

  @Override
  public String toString() {
    return "open";
  }
}
