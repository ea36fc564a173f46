package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.log.LogRecord;
import java.util.ArrayList;
import java.util.List;

/** Makes a slice of what a replay read. One use, by one thread. */
final class SliceEncoder implements StretchBuilder.Target {
  private record Placed(int index, int length, StretchBuilder.Shape shape) {}

  private final List<Placed> placed = new ArrayList<>();
  private final ByteBuf frames;
  private int heapBytes;

  private SliceEncoder(ByteBuf frames) {
    this.frames = frames;
  }

  /**
   * The slice of what was scanned in {@code [from, to)}, with one reference that belongs to the
   * caller.
   *
   * @param records what of it is for {@code feed}
   * @param partition the partition, as the feed numbers it
   */
  static ReplaySlice encode(
      long from,
      long to,
      List<LogRecord> records,
      int partition,
      Feed feed,
      ByteBufAllocator alloc,
      RelaySettings settings,
      MemoryBudget budget) {
    if (records.isEmpty()) {
      return new ReplaySlice(from, to, Segment.allocate(alloc, 0, budget), List.of());
    }
    StretchBuilder builder = StretchBuilder.with(alloc, settings);
    ByteBuf frames = alloc.heapBuffer();
    try {
      SliceEncoder target = new SliceEncoder(frames);
      for (LogRecord record : records) {
        builder.add(partition, record, feed.maxRecordBytes(), feed.encoder(), target);
      }
      builder.finish(feed.encoder(), target);
      return target.slice(from, to, alloc, budget);
    } finally {
      builder.release();
      frames.release();
    }
  }

  @Override
  public void append(ByteBuf frame, int bytesOfHeap, StretchBuilder.Shape shape) {
    placed.add(new Placed(frames.writerIndex(), frame.readableBytes(), shape));
    frames.writeBytes(frame, frame.readerIndex(), frame.readableBytes());
    heapBytes += bytesOfHeap;
  }

  private ReplaySlice slice(long from, long to, ByteBufAllocator alloc, MemoryBudget budget) {
    Segment segment = Segment.allocate(alloc, frames.readableBytes(), budget);
    segment.weigh(heapBytes);
    segment.append(frames);
    List<Stretch> stretches = new ArrayList<>(placed.size());
    for (Placed each : placed) {
      stretches.add(each.shape().at(segment, each.index(), each.length()));
    }
    return new ReplaySlice(from, to, segment, stretches);
  }
}
