package io.sluice.session;

import io.sluice.protocol.CloseCode;
import io.sluice.protocol.Event;
import io.sluice.relay.Outlet;
import io.sluice.relay.WireFormat;
import java.util.concurrent.Executor;

/** The client at the other end of a session, as the session sees it. Event-loop thread only. */
public interface Client {
  /** What the client is called in logs and in {@code welcome}. */
  String connection();

  /** Sends an event. Order is kept, also against what the relay writes to {@link #outlet}. */
  void send(Event event);

  /** Starts to close the connection with {@code code}; nothing is sent afterwards. */
  void close(CloseCode code, String reason);

  /**
   * Stops taking messages until {@link #resumeReading}: the client feels it as backpressure of TCP.
   */
  void pauseReading();

  /** Takes messages again. */
  void resumeReading();

  /** How messages to it are written. */
  WireFormat format();

  /** Where encoded records leave. */
  Outlet outlet();

  /** Runs tasks on the thread that owns this client. */
  Executor eventLoop();
}
