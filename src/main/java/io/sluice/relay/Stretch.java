package io.sluice.relay;

import org.jspecify.annotations.Nullable;

/**
 * What stands at one place of a window or a slice: some records or a gap, encoded as one ready
 * frame, or news about partitions. Immutable. Positions are vectors: the next offset by the
 * partition's index in its feed.
 */
sealed interface Stretch permits RecordStretch, GapStretch, PartitionsStretch {
  /** Stands in a vector for a partition of which nothing can come any more. */
  long CLOSED = Long.MAX_VALUE;

  /** How much of a stretch lies at or after some positions. */
  enum Reach {
    /** Nothing. */
    NONE,
    /** A part: it has to be cut. */
    SOME,
    /** All of it: its frame can be sent as it is. */
    ALL
  }

  /** Takes what a stretch says about its partitions. */
  interface Spans {
    /**
     * Of the partition it holds what there is in {@code [from, end)}, and its first is at {@code
     * from}.
     */
    void span(int partition, long from, long end);
  }

  /** Where its bytes are; {@code null} where it has none. */
  @Nullable Segment segment();

  /** Where its frame begins in the segment. */
  int index();

  /** Bytes of its frame, 0 where it has none. */
  int length();

  /** How many records are in it. */
  int records();

  /** Moves {@code positions} behind this stretch, never back. */
  void advance(long[] positions);

  /** Tells what of each partition is in it, in order; a partition may be told more than once. */
  void spans(Spans spans);

  /** How much of it lies at or after {@code from}. */
  Reach reach(long[] from);
}
