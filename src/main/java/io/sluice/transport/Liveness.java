package io.sluice.transport;

/**
 * The clocks of one connection (PROTOCOL §6), told the time from outside: when to ping, when a
 * silent peer is dead, and when a socket that takes no byte is stalled.
 *
 * <p>Silence does not count while the gateway is not reading the socket, nor while the socket takes
 * no bytes: then the peer's pong may be on its way, or our ping is not.
 */
final class Liveness {
  /** What is due. */
  enum Due {
    NOTHING,
    PING,
    /** No sign of life for two heartbeats. */
    DEAD,
    /** No byte was taken for the stall timeout. */
    STALLED
  }

  private final long heartbeatNanos;
  private final long stallNanos;
  private long lastTick;
  private long nextPing;
  private long silentNanos;
  private long stuckNanos;

  /**
   * @param now the present moment, in nanoseconds of a clock that never goes back
   */
  Liveness(long heartbeatNanos, long stallNanos, long now) {
    this.heartbeatNanos = heartbeatNanos;
    this.stallNanos = stallNanos;
    this.lastTick = now;
    this.nextPing = now + heartbeatNanos;
  }

  /** The peer sent something. */
  void onInput() {
    silentNanos = 0;
  }

  /**
   * Time has passed.
   *
   * @param reading whether the gateway reads this socket
   * @param stuck whether bytes wait for the socket, and it took none of them since the last tick
   */
  Due tick(long now, boolean reading, boolean stuck) {
    long elapsed = now - lastTick;
    lastTick = now;
    stuckNanos = stuck ? stuckNanos + elapsed : 0;
    if (stuckNanos >= stallNanos) {
      return Due.STALLED;
    }
    if (!reading || stuck) {
      return Due.NOTHING;
    }
    silentNanos += elapsed;
    if (silentNanos >= 2 * heartbeatNanos) {
      return Due.DEAD;
    }
    if (now - nextPing < 0) {
      return Due.NOTHING;
    }
    nextPing = now + heartbeatNanos;
    return Due.PING;
  }
}
