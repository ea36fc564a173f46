package io.sluice.relay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Partitions that join a feed, or leave it without a word, in their place among the records. Has no
 * bytes. (That a topic was made again is told: its old partitions end with a gap.)
 *
 * @param added partitions that records may follow of
 * @param left partitions that no record follows of
 */
record PartitionsStretch(List<FeedPartition> added, List<Left> left) implements Stretch {
  static final PartitionsStretch NONE = new PartitionsStretch(List.of(), List.of());

  /**
   * A partition that left.
   *
   * @param index its index in the feed
   * @param end the next offset that would have been read: there its subscribers stand for ever, or
   *     until they are told that another topic has its name
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
    // Partitions join a vector when it is fitted to its feed; of those that left nothing comes.
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
