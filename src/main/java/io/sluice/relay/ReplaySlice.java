package io.sluice.relay;

import java.util.List;

/**
 * A piece of one partition of a feed, encoded once. Event loops hold it while they send from it.
 */
final class ReplaySlice implements Piece, StretchRow {
  private final long from;
  private final long to;
  private final Segment segment;
  private final List<Stretch> stretches;
  private final long weight;

  /**
   * @param from the first offset that was scanned
   * @param to the next offset to scan
   * @param segment holds its frames, one behind the other
   * @param stretches what it holds, by ascending offset
   */
  ReplaySlice(long from, long to, Segment segment, List<Stretch> stretches) {
    this.from = from;
    this.to = to;
    this.segment = segment;
    this.stretches = List.copyOf(stretches);
    this.weight = segment.weight();
  }

  @Override
  public long from() {
    return from;
  }

  @Override
  public long to() {
    return to;
  }

  @Override
  public long weight() {
    return weight;
  }

  @Override
  public ReplaySlice sliceFor(Feed feed, FeedPartition partition) {
    if (!tryRetain()) {
      throw new IllegalStateException("Who asks for a slice holds it.");
    }
    return this;
  }

  @Override
  public long end() {
    return stretches.size();
  }

  @Override
  public Stretch stretch(long place) {
    return stretches.get((int) place);
  }

  /** Counts the gaps that everybody who reads it is told. */
  void countGaps(RelayCounters counters) {
    for (Stretch stretch : stretches) {
      if (stretch instanceof GapStretch told) {
        counters.countGap(told.gap().reason());
      }
    }
  }

  @Override
  public boolean tryRetain() {
    return segment.tryRetain();
  }

  @Override
  public void release() {
    segment.release();
  }
}
