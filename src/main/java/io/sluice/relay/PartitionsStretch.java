package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * New partitions of a feed, in their place before their records. Has no bytes; that a partition
 * closes is a gap.
 *
 * @param added partitions that records may follow of
 */
record PartitionsStretch(List<FeedPartition> added) implements Stretch {
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
  public void advance(long[] positions) {
    // Partitions join a vector when it is fitted to its feed; what closes them is a gap of its own.
  }

  @Override
  public void spans(Spans sink) {
    // It has no records.
  }

  @Override
  public Reach reach(long[] from) {
    return Reach.NONE;
  }

  @Override
  public void cut(long[] from, Encoder encoder, ByteBuf out) {
    // It has no bytes.
  }
}
