package io.sluice.transport;

import io.sluice.protocol.CloseCode;
import java.time.Duration;

/**
 * A client's connection, as the clock and the life of the gateway see it. Event-loop thread only.
 */
abstract class Peer {
  /** Where it stands in its loop's list, which keeps this. */
  int place;

  /** Time has passed. */
  abstract void tick(long now);

  /** Kafka cannot be reached, or can be again. */
  abstract void onAvailability(boolean available);

  /**
   * This instance is going away; the client should be back, elsewhere, after {@code
   * reconnectAfter}.
   */
  abstract void onDrain(Duration reconnectAfter);

  /** Whether something that the client asked for has not been answered yet. */
  abstract boolean isBusy();

  /** Begins to close the connection. */
  public abstract void close(CloseCode code, String reason);
}
