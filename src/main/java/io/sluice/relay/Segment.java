package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A piece of memory of fixed size in which frames lie one behind the other. One thread appends;
 * whoever was shown a frame by a {@link Link} may read it on any thread, as long as it holds a
 * reference. A window (or a cache of slices) holds one reference, and so does every view.
 *
 * <p>It has a count of its own beside that of its buffer because a reader has to be able to fail to
 * retain ({@link #tryRetain}) without an exception: it follows links to segments that the writer
 * may be letting go.
 */
final class Segment {
  private final ByteBuf bytes;
  private final MemoryBudget budget;
  private final AtomicInteger references = new AtomicInteger(1);
  private long weight;

  private Segment(ByteBuf bytes, int capacity, MemoryBudget budget) {
    this.bytes = bytes;
    this.budget = budget;
    weigh(capacity);
  }

  /** Allocates one, with one reference that belongs to the caller. */
  static Segment allocate(ByteBufAllocator alloc, int capacity, MemoryBudget budget) {
    return new Segment(alloc.buffer(capacity, capacity), capacity, budget);
  }

  /** Bytes that can still be appended. Writer only. */
  int room() {
    return bytes.writableBytes();
  }

  /** Appends all that is readable of {@code frame} and returns where it stands. Writer only. */
  int append(ByteBuf frame) {
    int index = bytes.writerIndex();
    bytes.writeBytes(frame, frame.readerIndex(), frame.readableBytes());
    return index;
  }

  /** Counts {@code more} bytes of heap that live as long as this segment. Writer only. */
  void weigh(int more) {
    weight += more;
    budget.allocated(more);
  }

  /** What it costs in bytes, with what stands about it on the heap. Writer only. */
  long weight() {
    return weight;
  }

  /** Takes a reference, unless the last one is gone already. */
  boolean tryRetain() {
    int count = references.get();
    while (count > 0) {
      int seen = references.compareAndExchange(count, count + 1);
      if (seen == count) {
        return true;
      }
      count = seen;
    }
    return false;
  }

  /** Gives a reference back. */
  void release() {
    int left = references.decrementAndGet();
    if (left < 0) {
      throw new IllegalStateException("A segment was released more often than it was retained.");
    }
    if (left == 0) {
      bytes.release();
      budget.allocated(-weight);
    }
  }

  /** Where its frames lie: to be read, by who holds a reference to this segment. */
  ByteBuf bytes() {
    return bytes;
  }
}
