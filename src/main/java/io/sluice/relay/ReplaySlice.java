package io.sluice.relay;

import java.util.List;

/**
 * A piece of one partition of a feed, read from the log and encoded once. Its first reference
 * belongs to who made it; event loops hold one while they send from it.
 */
final class ReplaySlice implements StretchRow {
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

  long from() {
    return from;
  }

  long to() {
    return to;
  }

  long weight() {
    return weight;
  }

  boolean contains(long offset) {
    return offset >= from && offset < to;
  }

  @Override
  public long end() {
    return stretches.size();
  }

  @Override
  public Stretch stretch(long place) {
    return stretches.get((int) place);
  }

  boolean tryRetain() {
    return segment.tryRetain();
  }

  void release() {
    segment.release();
  }
}
