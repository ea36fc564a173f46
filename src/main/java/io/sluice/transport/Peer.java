package io.sluice.transport;

import io.sluice.protocol.CloseCode;
import java.time.Duration;

/**
 * A client's connection, as the clock and the life of the gateway see it. Event-loop thread only.
 */
interface Peer {
  /** Where it stands in its loop's list. */
  int place();

  /** It stands there now. */
  void place(int index);

  /** Time has passed. */
  void tick(long now);

  /** Kafka cannot be reached, or can be again. */
  void onAvailability(boolean available);

  /**
   * This instance is going away; the client should be back, elsewhere, after {@code
   * reconnectAfter}.
   */
  void onDrain(Duration reconnectAfter);

  /** Whether something that the client asked for has not been answered yet. */
  boolean isBusy();

  /** Begins to close the connection. */
  void close(CloseCode code, String reason);
}
