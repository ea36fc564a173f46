package io.sluice.relay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Partitions that join a feed or leave it without a word, in their place among the records. Has no
 * bytes. (That a topic was made again is told: its old partitions end with a gap.)
 *
 * @param added partitions that records may follow of
 * @param left partitions that nothing follows of
 */
record PartitionsStretch(List<FeedPartition> added, List<Left> left) implements Stretch {
  static final PartitionsStretch NONE = new PartitionsStretch(List.of(), List.of());

  /**
   * A partition that left.
   *
   * @param index its index in the feed
   * @param end the next offset that would have been read
   */
  record Left(int index, long end) {}

  @Override
  public @Nullable Segment segment() {
    return null;
  }

  @Override
  public int index() {
    return 0;
  }

  @Override
  public int length() {
    return 0;
  }

  @Override
  public int records() {
    return 0;
  }

  @Override
  public void advance(long[] positions) {
    // Who has not heard of the added ones gets them when its vector is fitted to the feed.
    for (Left each : left) {
      positions[each.index()] = CLOSED;
    }
  }

  @Override
  public void spans(Spans sink) {
    // It has no records.
  }

  @Override
  public Reach reach(long[] from) {
    return Reach.NONE;
  }
}
