package io.sluice.relay;

import io.sluice.log.GapReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What the relay has done and holds, for metrics. Written by several threads, read by any. */
public final class RelayCounters {
  final LongAdder feeds = new LongAdder();
  final LongAdder subscribers = new LongAdder();
  final LongAdder keyLookups = new LongAdder();
  final LongAdder subscribersBehind = new LongAdder();
  final LongAdder recordsEncoded = new LongAdder();
  final LongAdder bytesEncoded = new LongAdder();
  final LongAdder recordsHandedOver = new LongAdder();
  final LongAdder bytesHandedOver = new LongAdder();
  final LongAdder evictions = new LongAdder();
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

  private final Map<GapReason, LongAdder> gaps = new EnumMap<>(GapReason.class);

  RelayCounters() {
    for (GapReason reason : GapReason.values()) {
      gaps.put(reason, new LongAdder());
    }
  }

  /** A gap is told: to one subscriber, or to all who read past its place in a window or slice. */
  void countGap(GapReason reason) {
    of(reason).increment();
  }

  /** Gaps that were put into windows or slices, once each, or told to one subscriber alone. */
  public long gaps(GapReason reason) {
    return of(reason).sum();
  }

  /**
   * A subscriber comes to another state.
   *
   * @param before where it was; {@code null} where it is new
   */
  void moved(@Nullable CursorState before, CursorState now) {
    boolean was = before != null && before.isBehind();
    if (was != now.isBehind()) {
      subscribersBehind.add(was ? -1 : 1);
    }
  }

  private LongAdder of(GapReason reason) {
    LongAdder counter = gaps.get(reason);
    if (counter == null) {
      throw new IllegalStateException(reason + " has no counter.");
    }
    return counter;
  }

  /** Feeds that exist now, those that linger among them. */
  public long feeds() {
    return feeds.sum();
  }

  /** Subscribers that exist now. */
  public long subscribers() {
    return subscribers.sum();
  }

  /** Records whose key was looked up among those that somebody wants. */
  public long keyLookups() {
    return keyLookups.sum();
  }

  /** Those of them that are not at the head of their feed: they replay, or join its window. */
  public long subscribersBehind() {
    return subscribersBehind.sum();
  }

  /** Records encoded for windows. */
  public long recordsEncoded() {
    return recordsEncoded.sum();
  }

  /** Bytes of frames appended to windows. */
  public long bytesEncoded() {
    return bytesEncoded.sum();
  }

  /** Records handed to sockets, once for each socket. */
  public long recordsHandedOver() {
    return recordsHandedOver.sum();
  }

  /** Bytes handed to sockets. */
  public long bytesHandedOver() {
    return bytesHandedOver.sum();
  }

  /** Segments that windows let go to stay inside their limits. */
  public long evictions() {
    return evictions.sum();
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
