package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of one partition of a feed, encoded once. Event loops hold it while they send from it.
 */
final class ReplaySlice implements Piece {
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

  int size() {
    return stretches.size();
  }

  Stretch stretch(int place) {
    return stretches.get(place);
  }

  @Override
  public boolean tryRetain() {
    return segment.tryRetain();
  }

  @Override
  public void release() {
    segment.release();
  }

  /**
   * Behind which stretch a run ends that begins at {@code place} and has about {@code limit} bytes.
   */
  int runEnd(int place, int limit) {
    int end = place + 1;
    int bytes = stretch(place).length();
    while (end < size() && bytes + stretch(end).length() <= limit) {
      bytes += stretch(end++).length();
    }
    return end;
  }

  /** The bytes of the stretches in {@code [first, end)}; the caller holds a reference. */
  @Nullable ByteBuf bytes(int first, int end) {
    Stretch last = stretch(end - 1);
    int index = stretch(first).index();
    return segment.slice(index, last.index() + last.length() - index);
  }
}
