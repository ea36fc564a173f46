package io.sluice.relay;

import io.sluice.log.Positions;
import io.sluice.log.TopicId;
import java.util.Map;

/** Where a subscriber starts. */
public sealed interface From {
  /**
   * At the reader's position of this moment: nothing written after {@code onSubscribed} is missed.
   */
  record Latest() implements From {}

  /** At the oldest record of each partition. */
  record Earliest() implements From {}

  /** At most {@code records}, 1 or more, of each partition before its head. */
  record Tail(long records) implements From {}

  /**
   * At the first record of each partition with {@code timestamp} (milliseconds since the epoch) or
   * later, else at its head.
   */
  record Timestamp(long timestamp) implements From {}

  /**
   * Exactly where it stood, on whichever instance.
   *
   * @param positions the next offset to read; a partition that is not named is read from its oldest
   *     record
   * @param topicIds the identities of the topics when the positions were taken; a topic that is not
   *     named is believed to be the same
   */
  record At(Positions positions, Map<String, TopicId> topicIds) implements From {
    public At {
      topicIds = Map.copyOf(topicIds);
    }
  }
}
