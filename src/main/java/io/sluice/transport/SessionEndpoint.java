package io.sluice.transport;

import io.sluice.protocol.CloseCode;
import io.sluice.relay.Outlet;
import io.sluice.relay.WireFormat;
import io.sluice.session.Client;
import io.sluice.session.Session;
import java.time.Duration;
import java.util.concurrent.Executor;

/** An endpoint behind which a session stands: what is the same however messages are written. */
abstract class SessionEndpoint implements Endpoint, Client {
  final WebSocketConnection socket;
  final Session session;
  private final Outlet outlet;
  private final WireFormat format;

  /**
   * @param outlet where encoded records leave: to {@code socket}, maybe by way of something else
   */
  SessionEndpoint(
      WebSocketConnection socket, SessionFactory sessions, Outlet outlet, WireFormat format) {
    this.socket = socket;
    this.outlet = outlet;
    this.format = format;
    this.session = sessions.create(this, socket.loop().relay());
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
    return format;
  }

  @Override
  public Outlet outlet() {
    return outlet;
  }

  @Override
  public Executor eventLoop() {
    return socket.eventLoop();
  }
}
