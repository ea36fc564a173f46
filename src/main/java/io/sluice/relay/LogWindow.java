package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The retained end of a feed: a chain of stretches whose bytes lie in segments. The reader's thread
 * owns it; event loops see only the links and {@link #oldest}, through their {@link WindowView}s.
 */
final class LogWindow implements StretchBuilder.Target {
  /**
   * Large enough that a socket which was busy is served from one, small enough to be let go one by
   * one.
   */
  private static final int LARGEST_SEGMENT = 256 * 1024;

  private static final int SMALLEST_SEGMENT = 256;

  /** Where it stands among the others in {@link Windows}; -1 where it does not. */
  int rank = -1;

  /** Whose it is; {@code null} until there is one. */
  @Nullable Feed feed;

  private final ByteBufAllocator alloc;
  private final Windows windows;
  private final ArrayDeque<Segment> segments = new ArrayDeque<>(2);
  private @Nullable Segment open;
  private int segmentBytes = SMALLEST_SEGMENT;
  private Link last = Link.start();
  private Link beforeFirst = last;
  private long[] coveredFrom = {};
  private long bytes;
  private volatile long oldest;

  LogWindow(ByteBufAllocator alloc, Windows windows) {
    this.alloc = alloc;
    this.windows = windows;
  }

  /** The sequence of the oldest link that is still retained. Any thread. */
  long oldest() {
    return oldest;
  }

  /** The last link; what is appended follows it. */
  Link last() {
    return last;
  }

  /** The link before the oldest that is retained. */
  Link beforeFirst() {
    return beforeFirst;
  }

  /** From which offset on each partition is retained. */
  long[] coveredFrom() {
    return coveredFrom;
  }

  /** Bytes of its segments, and what stands about them on the heap. */
  long bytes() {
    return bytes;
  }

  /** How many segments it holds. */
  int segmentCount() {
    return segments.size();
  }

  /** The partition with the next index is covered from {@code start} on. */
  void addPartition(long start) {
    coveredFrom = Arrays.copyOf(coveredFrom, coveredFrom.length + 1);
    coveredFrom[coveredFrom.length - 1] = start;
  }

  /** Appends news about partitions. */
  void append(PartitionsStretch stretch) {
    link(stretch);
  }

  @Override
  public void append(ByteBuf frame, int heapBytes, StretchBuilder.Shape shape) {
    int length = frame.readableBytes();
    long before = bytes;
    Segment segment = open;
    if (segment == null || segment.room() < length) {
      int largest = windows.largestSegment(LARGEST_SEGMENT);
      int capacity = Math.max(length, Math.min(segmentBytes, largest));
      segment = Segment.allocate(alloc, capacity, windows.budget());
      segmentBytes = Math.min(LARGEST_SEGMENT, 2 * Math.max(length, segmentBytes));
      bytes += segment.weight();
      segments.add(segment);
      open = segment;
    }
    segment.weigh(heapBytes);
    bytes += heapBytes;
    link(shape.at(segment, segment.append(frame), length));
    windows.grown(this, bytes - before, length);
  }

  /** Lets the oldest segment go; {@link Windows} keeps the books. */
  void evictOldest() {
    Segment segment = segments.remove();
    Link link = beforeFirst.next();
    while (link != null && (link.stretch.segment() == segment || link.stretch.segment() == null)) {
      link.stretch.advance(coveredFrom);
      beforeFirst = link;
      link = link.next();
    }
    if (segment == open) {
      open = null;
    }
    bytes -= segment.weight();
    // First said, then done: a view that cannot retain the segment finds here that it is gone.
    oldest = beforeFirst.sequence + 1;
    segment.release();
  }

  private void link(Stretch stretch) {
    if (stretch instanceof GapStretch told) {
      windows.counters().countGap(told.gap().reason());
    }
    Link link = new Link(last.sequence + 1, stretch);
    last.append(link);
    last = link;
  }
}
