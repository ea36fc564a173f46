package io.sluice.relay;

import java.util.concurrent.atomic.LongAdder;

/** What the relay has done and holds, for metrics. Written by several threads, read by any. */
public final class RelayCounters {
  final LongAdder feeds = new LongAdder();
  final LongAdder subscribers = new LongAdder();
  final LongAdder recordsEncoded = new LongAdder();
  final LongAdder bytesEncoded = new LongAdder();
  final LongAdder bytesHandedOver = new LongAdder();
  final LongAdder evictedBytes = new LongAdder();
  final LongAdder wakeUps = new LongAdder();
  final LongAdder overflowReplays = new LongAdder();
  final LongAdder overflowSkips = new LongAdder();
  final LongAdder overflowEnds = new LongAdder();
  final LongAdder replayReads = new LongAdder();
  final LongAdder replayBytesScanned = new LongAdder();
  final LongAdder replaysShared = new LongAdder();
  final LongAdder stalledClosed = new LongAdder();
  final LongAdder heldBytes = new LongAdder();

  RelayCounters() {}

  /** Feeds that exist now, those that linger among them. */
  public long feeds() {
    return feeds.sum();
  }

  /** Subscribers that exist now. */
  public long subscribers() {
    return subscribers.sum();
  }

  /** Records encoded for windows. */
  public long recordsEncoded() {
    return recordsEncoded.sum();
  }

  /** Bytes of frames appended to windows. */
  public long bytesEncoded() {
    return bytesEncoded.sum();
  }

  /** Bytes handed to sockets. */
  public long bytesHandedOver() {
    return bytesHandedOver.sum();
  }

  /** Bytes that windows let go to stay inside their limits. */
  public long evictedBytes() {
    return evictedBytes.sum();
  }

  /** Tasks given to event loops because windows grew. */
  public long wakeUps() {
    return wakeUps.sum();
  }

  /** Subscribers that fell out of the window and read on from the log. */
  public long overflowReplays() {
    return overflowReplays.sum();
  }

  /** Subscribers that fell out of the window and skipped. */
  public long overflowSkips() {
    return overflowSkips.sum();
  }

  /** Subscribers that fell out of the window and ended. */
  public long overflowEnds() {
    return overflowEnds.sum();
  }

  /** Slices read from the log. */
  public long replayReads() {
    return replayReads.sum();
  }

  /** Bytes of records in those slices. */
  public long replayBytesScanned() {
    return replayBytesScanned.sum();
  }

  /** Times that a replay took a slice which somebody else had asked for. */
  public long replaysShared() {
    return replaysShared.sum();
  }

  /** Sockets closed because memory was short and they had stood longest. */
  public long stalledClosed() {
    return stalledClosed.sum();
  }

  /** Bytes of windows, slices and sockets, now: what {@code sluice.relay.window-bytes} bounds. */
  public long heldBytes() {
    return heldBytes.sum();
  }
}
