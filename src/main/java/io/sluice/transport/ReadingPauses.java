package io.sluice.transport;

import io.netty.channel.Channel;

/**
 * Why a socket is not read at present; it is read again when no reason is left. The peer feels it
 * as backpressure of TCP. Event-loop thread only.
 */
final class ReadingPauses {
  /** A reason. */
  enum Reason {
    /** The peer's publishes are not acknowledged yet. */
    PUBLISHES,
    /** The peer does not take what it asked for. */
    OUTBOUND
  }

  private final Channel channel;

  /** A bit for each reason, at its ordinal. */
  private int reasons;

  ReadingPauses(Channel channel) {
    this.channel = channel;
  }

  /** Whether the socket is read. */
  boolean isReading() {
    return reasons == 0;
  }

  void add(Reason reason) {
    boolean reading = isReading();
    reasons |= bit(reason);
    if (reading) {
      channel.config().setAutoRead(false);
    }
  }

  void remove(Reason reason) {
    leave(reasons & ~bit(reason));
  }

  /** Reads again, whatever the reasons were. */
  void clear() {
    leave(0);
  }

  private void leave(int left) {
    boolean reading = isReading();
    reasons = left;
    if (!reading && isReading()) {
      channel.config().setAutoRead(true);
    }
  }

  private static int bit(Reason reason) {
    return 1 << reason.ordinal();
  }
}
