package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.log.Batch;
import io.sluice.log.LogRecord;
import java.util.ArrayList;
import java.util.List;

/** Makes a slice of what a replay read. One use, on the thread that read it. */
final class SliceEncoder implements StretchBuilder.Target {
  private record Placed(int index, int length, StretchBuilder.Shape shape) {}

  private final List<Placed> placed = new ArrayList<>();
  private final ByteBuf frames;
  private int heapBytes;

  private SliceEncoder(ByteBuf frames) {
    this.frames = frames;
  }

  /** The slice, with one reference that belongs to the caller. */
  static ReplaySlice encode(
      Batch batch,
      int partition,
      Encoder encoder,
      ByteBufAllocator alloc,
      RelaySettings settings,
      MemoryBudget budget) {
    StretchBuilder builder = StretchBuilder.with(alloc, settings);
    ByteBuf frames = alloc.heapBuffer();
    try {
      SliceEncoder target = new SliceEncoder(frames);
      for (LogRecord record : batch.records()) {
        builder.add(partition, record, encoder, target);
      }
      builder.finish(encoder, target);
      return target.slice(batch, alloc, budget);
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

  private ReplaySlice slice(Batch batch, ByteBufAllocator alloc, MemoryBudget budget) {
    Segment segment = Segment.allocate(alloc, frames.readableBytes(), budget);
    segment.weigh(heapBytes);
    segment.append(frames);
    List<Stretch> stretches = new ArrayList<>(placed.size());
    for (Placed each : placed) {
      stretches.add(each.shape().at(segment, each.index(), each.length()));
    }
    return new ReplaySlice(batch.from(), batch.to(), segment, stretches);
  }
}
