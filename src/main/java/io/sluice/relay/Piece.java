package io.sluice.relay;

/**
 * A piece of one partition that was read from the log, for whoever stands in it. Its first
 * reference belongs to who made it.
 */
sealed interface Piece permits ReplaySlice, Scan {
  /** The first offset that was scanned. */
  long from();

  /** The next offset to scan. */
  long to();

  /** What it costs, in bytes. */
  long weight();

  /** Takes a reference, unless the last one is gone already. */
  boolean tryRetain();

  /** Gives a reference back. */
  void release();

  /**
   * What of it is for {@code feed}, with a reference that belongs to the caller. Any thread that
   * holds a reference to the piece.
   */
  ReplaySlice sliceFor(Feed feed, FeedPartition partition);

  /** True where {@code offset} was scanned. */
  default boolean contains(long offset) {
    return offset >= from() && offset < to();
  }
}
