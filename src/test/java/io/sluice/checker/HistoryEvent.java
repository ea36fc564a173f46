package io.sluice.checker;

import io.sluice.log.Partition;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a client did or saw, at a moment of its own clock that never goes back ({@link
 * #at}, nanoseconds).
 *
 * <p>A <em>stream</em> is what an application reads as one: it survives the subscriptions and
 * connections that carry it. A <em>publish</em> is a number that its client gave to one record.
 * Values are text as it stands in the log; what is not UTF-8 is {@code base64:…}, a tombstone is
 * {@code null}.
 */
public sealed interface HistoryEvent {
  /** When, in nanoseconds of the client's clock. */
  long at();

  /** A connection stands. Order is promised within it, not beyond. */
  record Connected(long at, String connection) implements HistoryEvent {}

  /** A record was given to the gateway (or, by a plain producer, to Kafka). */
  record Sent(long at, long publish, String topic, @Nullable String key, @Nullable String value)
      implements HistoryEvent {}

  /** It is stored, and where. */
  record Acked(long at, long publish, Partition partition, long offset) implements HistoryEvent {}

  /** It is not stored, with an error's code that says so. */
  record Refused(long at, long publish, String code) implements HistoryEvent {}

  /** Whether it is stored is not known: {@code timeout}, or the connection was lost. */
  record Unknown(long at, long publish, String why) implements HistoryEvent {}

  /** A subscription begins to carry {@code stream}, from {@code positions} on. */
  record Subscribed(long at, String stream, Map<Partition, Long> positions)
      implements HistoryEvent {
    public Subscribed {
      positions = Map.copyOf(positions);
    }
  }

  /** A record came, before anything is dropped. */
  record Received(long at, String stream, Partition partition, long offset, @Nullable String value)
      implements HistoryEvent {}

  /**
   * Offsets in {@code [from, to)} will not come.
   *
   * @param to {@link #UNKNOWN_OFFSET} where the gateway could not tell: the topic was made again,
   *     and starts anew
   */
  record GapTold(long at, String stream, Partition partition, long from, long to, String reason)
      implements HistoryEvent {}

  /** The gateway has scanned to here. */
  record PositionTold(long at, String stream, Map<Partition, Long> positions)
      implements HistoryEvent {
    public PositionTold {
      positions = Map.copyOf(positions);
    }
  }

  /** The subscription ended or its instance drains: the gateway says where the stream stands. */
  record Ended(long at, String stream, Map<Partition, Long> positions) implements HistoryEvent {
    public Ended {
      positions = Map.copyOf(positions);
    }
  }

  /** Stands for the end of a gap that nobody can tell. */
  long UNKNOWN_OFFSET = -1;
}
