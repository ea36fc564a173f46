package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.protocol.CloseCode;
import io.sluice.protocol.Event;
import io.sluice.websocket.frame.Opcode;

/** {@code /v1/ws}: a session in the sub-protocol that was agreed on. */
final class MessageEndpoint extends SessionEndpoint {
  private final Subprotocol subprotocol;

  MessageEndpoint(WebSocketConnection socket, Subprotocol subprotocol, SessionFactory sessions) {
    super(socket, sessions, socket.outlet(), subprotocol.format());
    this.subprotocol = subprotocol;
  }

  @Override
  public void onOpen() {
    session.open();
  }

  @Override
  public void onText(ByteBuf utf8) {
    onMessage(Opcode.TEXT, utf8);
  }

  @Override
  public void onBinary(ByteBuf bytes) {
    onMessage(Opcode.BINARY, bytes);
  }

  private void onMessage(Opcode opcode, ByteBuf message) {
    if (opcode == subprotocol.opcode()) {
      session.onMessage(subprotocol.messages().read(ByteBufUtil.getBytes(message)));
    } else {
      socket.close(CloseCode.UNSUPPORTED_DATA, subprotocol.complaint());
    }
  }

  @Override
  public void send(Event event) {
    ByteBuf frame = socket.alloc().directBuffer();
    try {
      Frames.message(frame, subprotocol.opcode(), out -> subprotocol.messages().write(event, out));
      socket.sendFrame(frame.retain());
    } finally {
      frame.release();
    }
  }
}
