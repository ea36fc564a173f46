package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import io.sluice.log.Gap;

/**
 * A gap that everybody who reads past it is told.
 *
 * @param segment holds its frame at {@code index} with {@code length} bytes
 * @param partition the partition's index in the feed
 * @param gap the gap
 */
record GapStretch(Segment segment, int index, int length, int partition, Gap gap)
    implements Stretch {
  private long end() {
    return gap.to() == Gap.UNKNOWN ? CLOSED : gap.to();
  }

  @Override
  public int records() {
    return 0;
  }

  @Override
  public void advance(long[] positions) {
    positions[partition] = Math.max(positions[partition], end());
  }

  @Override
  public void spans(Spans sink) {
    sink.span(partition, gap.from(), end());
  }

  @Override
  public Reach reach(long[] from) {
    long position = from[partition];
    return position >= end() ? Reach.NONE : position <= gap.from() ? Reach.ALL : Reach.SOME;
  }

  /** Appends a frame with what of it lies at or after {@code from}. */
  void cut(long[] from, Encoder encoder, ByteBuf out) {
    long start = Math.max(from[partition], gap.from());
    encoder.gap(new Gap(gap.partition(), start, gap.to(), gap.reason(), gap.size()), out);
  }
}
