package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.protocol.CloseCode;
import io.sluice.protocol.Event;
import io.sluice.relay.WireFormat;
import io.sluice.wire.JsonCommands;
import io.sluice.wire.JsonEvents;

/** {@code /v1/ws}: a session that speaks {@code sluice.v1.json}. */
final class JsonEndpoint extends SessionEndpoint {
  JsonEndpoint(WebSocketConnection socket, SessionFactory sessions) {
    super(socket, sessions, socket.outlet(), WireFormat.JSON);
  }

  @Override
  public void onOpen() {
    session.open();
  }

  @Override
  public void onText(ByteBuf utf8) {
    session.onMessage(JsonCommands.read(ByteBufUtil.getBytes(utf8)));
  }

  @Override
  public void onBinary(ByteBuf bytes) {
    socket.close(CloseCode.UNSUPPORTED_DATA, "sluice.v1.json takes text messages only.");
  }

  @Override
  public void send(Event event) {
    ByteBuf frame = socket.alloc().directBuffer();
    try {
      Frames.text(frame, out -> JsonEvents.write(event, out));
      socket.sendFrame(frame.retain());
    } finally {
      frame.release();
    }
  }
}
