package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.protocol.CloseCode;
import io.sluice.protocol.Event;
import io.sluice.relay.Outlet;
import io.sluice.session.Client;
import io.sluice.session.Session;
import io.sluice.wire.JsonCommands;
import io.sluice.wire.JsonEvents;
import java.time.Duration;
import java.util.concurrent.Executor;

/** {@code /v1/ws}: a session that speaks {@code sluice.v1.json}. */
final class SessionEndpoint implements Endpoint, Client {
  private final WebSocketConnection socket;
  private final Session session;

  SessionEndpoint(WebSocketConnection socket, SessionFactory sessions) {
    this.socket = socket;
    this.session = sessions.create(this, socket.loop().relay());
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
      Frames.text(frame, out -> JsonEvents.write(event, out));
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
  public Outlet outlet() {
    return socket.outlet();
  }

  @Override
  public Executor eventLoop() {
    return socket.eventLoop();
  }
}
