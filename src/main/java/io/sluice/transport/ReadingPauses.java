package io.sluice.transport;

import io.netty.channel.Channel;
import java.util.EnumSet;
import java.util.Set;

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
  private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

  ReadingPauses(Channel channel) {
    this.channel = channel;
  }

  /** Whether the socket is read. */
  boolean isReading() {
    return reasons.isEmpty();
  }

  void add(Reason reason) {
    if (reasons.add(reason) && reasons.size() == 1) {
      channel.config().setAutoRead(false);
    }
  }

  void remove(Reason reason) {
    if (reasons.remove(reason) && reasons.isEmpty()) {
      channel.config().setAutoRead(true);
    }
  }

  /** Reads again, whatever the reasons were. */
  void clear() {
    if (!reasons.isEmpty()) {
      reasons.clear();
      channel.config().setAutoRead(true);
    }
  }
}
