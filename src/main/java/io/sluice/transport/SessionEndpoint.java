package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.protocol.CloseCode;
import io.sluice.protocol.Event;
import io.sluice.relay.Outlet;
import io.sluice.relay.WireFormat;
import io.sluice.session.Client;
import io.sluice.session.Session;
import io.sluice.websocket.frame.Opcode;
import java.time.Duration;
import java.util.concurrent.Executor;

/** {@code /v1/ws}: a session in the sub-protocol that was agreed on. */
final class SessionEndpoint implements Endpoint, Client {
  private final WebSocketConnection socket;
  private final Subprotocol subprotocol;
  private final Session session;

  SessionEndpoint(WebSocketConnection socket, Subprotocol subprotocol, SessionFactory sessions) {
    this.socket = socket;
    this.subprotocol = subprotocol;
    this.session = sessions.create(this, socket.loop().relay());
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
  public void onClear() {
    session.onClear();
  }

  @Override
  public void onAvailability(boolean available) {
    session.onAvailability(available);
  }

  @Override
  public void onDrain(Duration reconnectAfter) {
    session.drain(reconnectAfter);
  }

  @Override
  public boolean isBusy() {
    return session.publishesInFlight() > 0;
  }

  @Override
  public void onGone() {
    session.close();
  }

  @Override
  public String connection() {
    return socket.id();
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

  @Override
  public void close(CloseCode code, String reason) {
    socket.close(code, reason);
  }

  @Override
  public void pauseReading() {
    socket.pauses().add(ReadingPauses.Reason.PUBLISHES);
  }

  @Override
  public void resumeReading() {
    socket.pauses().remove(ReadingPauses.Reason.PUBLISHES);
  }

  @Override
  public WireFormat format() {
    return subprotocol.format();
  }

  @Override
  public Outlet outlet() {
    return socket.outlet();
  }

  @Override
  public Executor eventLoop() {
    return socket.eventLoop();
  }
}
