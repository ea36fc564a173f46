package io.sluice.protocol;

import io.sluice.log.Positions;
import io.sluice.log.TopicId;
import java.util.Map;

/** Where a subscription starts: the option {@code from}. */
public sealed interface StartingPoint {
  /** At the gateway's reading position: nothing written after {@code subscribed} is missed. */
  record Latest() implements StartingPoint {}

  /** At the oldest record that the log holds. */
  record Earliest() implements StartingPoint {}

  /** At most so many records of each partition before the head; 1 or more. */
  record Tail(long records) implements StartingPoint {}

  /**
   * At the first record with that time or later, in milliseconds since the epoch; else the head.
   */
  record Timestamp(long timestamp) implements StartingPoint {}

  /**
   * Exactly where a client stopped, on any instance.
   *
   * @param positions next offset to read; a partition that is not named is read from its oldest
   *     record
   * @param topicIds the identities of the topics that the positions were taken from, by name; may
   *     be empty
   */
  record At(Positions positions, Map<String, TopicId> topicIds) implements StartingPoint {}
}
