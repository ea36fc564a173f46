package io.sluice.websocket.connection;

import io.sluice.websocket.frame.CloseCode;
import io.sluice.websocket.frame.ProtocolViolation;

/** How a conversation ended. */
public sealed interface Ending {
  /** The status code of the connection as §7.1.5 has it. */
  int code();

  /**
   * Both sides have sent a close frame (RFC 6455 §7.1.4).
   *
   * @param code what the peer's said; 1005 where it said nothing
   * @param reason the peer's words, for a log with care; empty where there were none
   */
  record Closed(int code, String reason) implements Ending {
    @Override
    public String toString() {
      return "closed by agreement, peer said " + code;
    }
  }

  /** The peer broke a rule, or this side gave it up: its input is no longer read (§7.1.7). */
  record Failed(ProtocolViolation violation) implements Ending {
    @Override
    public int code() {
      return violation.closeCode();
    }

    @Override
    public String toString() {
      return "failed with " + violation.closeCode() + ": " + violation.sentence();
    }
  }

  /** The peer's bytes ended without a close frame (§7.1.5). */
  record Lost() implements Ending {
    @Override
    public int code() {
      return CloseCode.ABNORMAL;
    }

    @Override
    public String toString() {
      return "lost without a close frame";
    }
  }
}
