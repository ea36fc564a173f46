package io.sluice.websocket.frame;

/** Status codes of close frames (RFC 6455 §7.4 and the IANA registry). */
public final class CloseCode {
  public static final int NORMAL = 1000;
  public static final int GOING_AWAY = 1001;
  public static final int PROTOCOL_ERROR = 1002;
  public static final int UNSUPPORTED_DATA = 1003;

  /** Stands for a close frame without a code; never on the wire (§7.1.5). */
  public static final int NO_STATUS = 1005;

  /** Stands for a connection that ended without a close frame; never on the wire (§7.1.5). */
  public static final int ABNORMAL = 1006;

  public static final int INVALID_PAYLOAD = 1007;
  public static final int POLICY_VIOLATION = 1008;
  public static final int TOO_BIG = 1009;
  public static final int INTERNAL_ERROR = 1011;
  public static final int SERVICE_RESTART = 1012;
  public static final int TRY_AGAIN_LATER = 1013;

  private CloseCode() {}

  /**
   * Whether {@code code} may stand in a close frame: registered and meant for the wire (1000-1003,
   * 1007-1014), or of the ranges for libraries and applications (3000-4999). 1004 has no meaning,
   * 1005, 1006 and 1015 only exist inside an endpoint, the rest is unassigned.
   */
  public static boolean mayBeSent(int code) {
    return (code >= 1000 && code <= 1003)
        || (code >= 1007 && code <= 1014)
        || (code >= 3000 && code <= 4999);
  }
}
