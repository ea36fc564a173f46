package io.sluice.protocol;

/**
 * The one table of codes with which the gateway closes a WebSocket (RFC 6455 §7.4, and 4000-4999
 * for our own).
 */
public enum CloseCode {
  NORMAL(1000),
  GOING_AWAY(1001),
  PROTOCOL_ERROR(1002),
  UNSUPPORTED_DATA(1003),
  INVALID_DATA(1007),
  POLICY_VIOLATION(1008),
  MESSAGE_TOO_BIG(1009),
  INTERNAL_ERROR(1011),
  /** Restart or drain: reconnect, after the time that {@code draining} named. */
  SERVICE_RESTART(1012),
  /** Overloaded: reconnect with back-off. */
  TRY_AGAIN_LATER(1013),
  /** The client may not do what it does, or no longer. */
  FORBIDDEN(4403),
  /** The peer takes no bytes. */
  STALLED(4408),
  /** Raw mode: records will not come, and the client had not asked to skip them. */
  GAP(4410),
  /** A rate limit was passed. */
  RATE_LIMITED(4429);

  private final int number;

  CloseCode(int number) {
    this.number = number;
  }

  /** The status code on the wire. */
  public int number() {
    return number;
  }
}
