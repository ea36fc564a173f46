package io.sluice.websocket.connection;

import io.netty.buffer.ByteBuf;
import io.sluice.websocket.frame.FrameReader;
import io.sluice.websocket.frame.Opcode;

/**
 * Our close frame is out, the peer's is awaited; how long is the transport's business (RFC 6455
 * §7.1.1).
 *
 * <p>Data is read past and dropped; pings are still answered (§5.5.2: until a close frame was
 * <em>received</em>). Nothing can be sent.
 */
public final class CloseSent extends ConnectionState {
  private final Exchange exchange;

  CloseSent(Exchange exchange) {
    this.exchange = exchange;
  }

  @Override
  boolean advance(ByteBuf in) {
    FrameReader frames = exchange.frames;
    switch (frames.next(in)) {
      case MORE -> {
        return false;
      }
      case OPENED, HEADER -> {}
      case PAYLOAD -> {
        if (frames.opcode().isControl()) {
          controlPiece(in);
        }
      }
      case VIOLATION -> exchange.end(new Ending.Failed(frames.violation()), null);
    }
    return true;
  }

  private void controlPiece(ByteBuf in) {
    Opcode opcode = exchange.frames.opcode();
    ByteBuf payload = exchange.controlPiece(in);
    if (payload != null) {
      try {
        switch (opcode) {
          case PING -> exchange.onPing(payload);
          case PONG -> exchange.listener.onPong(payload);
          default -> exchange.onClose(payload, false);
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

  @Override
  public String toString() {
    return "closing";
  }
}
