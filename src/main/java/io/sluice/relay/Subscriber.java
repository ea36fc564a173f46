package io.sluice.relay;

import io.sluice.log.Positions;

/** A subscription of one socket, as its owner sees it. Event-loop thread only. */
public final class Subscriber {
  Subscriber() {}

  /** The number that clients see as {@code subscription}: that of the feed. */
  public long number() {
    throw new UnsupportedOperationException();
  }

  /** The next offset to read of each partition: everything below it was written or told as a gap. */
  public Positions positions() {
    throw new UnsupportedOperationException();
  }

  /** Leaves: nothing of it follows, neither bytes nor calls. */
  public void close() {
    throw new UnsupportedOperationException();
  }
}
