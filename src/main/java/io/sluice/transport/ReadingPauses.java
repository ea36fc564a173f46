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
    PUBLISHES(1),
    /** The peer does not take what it asked for. */
    OUTBOUND(2);

    private final int bit;

    Reason(int bit) {
      this.bit = bit;
    }
  }

  private final Channel channel;

  /** The bits of all that hold. */
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
    reasons |= reason.bit;
    if (reading) {
      channel.config().setAutoRead(false);
    }
  }

  void remove(Reason reason) {
    leave(reasons & ~reason.bit);
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
}
