package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.LogRecord;
import java.util.Arrays;

/**
 * Encodes records of a feed and cuts them into ready frames. Frames are made in a buffer of its own
 * and copied to where they stay: only then their size is known, and memory that event loops read is
 * never moved. One thread at a time; used for one feed after the other.
 */
final class StretchBuilder {
  /** Where finished frames go. */
  interface Target {
    /**
     * Copies {@code frame} to a segment.
     *
     * @param heapBytes what the stretch will cost beside the frame
     * @param shape makes the stretch once its place is known
     */
    void append(ByteBuf frame, int heapBytes, Shape shape);
  }

  /** Makes a stretch of a frame that has found its place. */
  interface Shape {
    Stretch at(Segment segment, int index, int length);
  }

  private static final int FIRST_RECORDS = 16;

  private final ByteBuf elements;
  private final ByteBuf frame;
  private final int maxBatchBytes;
  private final int maxRecordBytes;
  private int[] partitions = new int[FIRST_RECORDS];
  private long[] offsets = new long[FIRST_RECORDS];
  private int[] ends = new int[FIRST_RECORDS];
  private int count;
  private int separator;

  static StretchBuilder with(ByteBufAllocator alloc, RelaySettings settings) {
    return new StretchBuilder(alloc, settings.maxBatchBytes(), settings.maxRecordBytes());
  }

  StretchBuilder(ByteBufAllocator alloc, int maxBatchBytes, int maxRecordBytes) {
    this.maxBatchBytes = maxBatchBytes;
    this.maxRecordBytes = maxRecordBytes;
    this.elements = alloc.heapBuffer();
    this.frame = alloc.heapBuffer();
  }

  /**
   * Adds {@code record}; frames that become full go to {@code target}.
   *
   * @param most the feed's largest record, in bytes; the relay's own limit counts where it is lower
   */
  void add(int partition, LogRecord record, int most, Encoder encoder, Target target) {
    int size = record.size();
    if (size > Math.min(most, maxRecordBytes)) {
      long offset = record.offset();
      Gap gap = new Gap(record.partition(), offset, offset + 1, GapReason.TOO_LARGE, size);
      gap(partition, gap, encoder, target);
      return;
    }
    int before = elements.writerIndex();
    if (count > 0) {
      encoder.separator(elements);
      separator = elements.writerIndex() - before;
    }
    int start = elements.writerIndex();
    encoder.element(record, elements);
    int end = elements.writerIndex();
    if (count > 0 && end > maxBatchBytes) {
      emit(before, encoder, target);
      elements.setIndex(start, end).discardReadBytes();
      end -= start;
    }
    push(partition, record.offset(), end);
    if (end >= maxBatchBytes) {
      finish(encoder, target);
    }
  }

  /** Adds a gap behind what was added before. */
  void gap(int partition, Gap gap, Encoder encoder, Target target) {
    finish(encoder, target);
    frame.clear();
    encoder.gap(gap, frame);
    target.append(
        frame,
        Link.BYTES,
        (segment, index, length) -> new GapStretch(segment, index, length, partition, gap));
  }

  /** Hands over what was added since the last frame. */
  void finish(Encoder encoder, Target target) {
    if (count > 0) {
      emit(elements.writerIndex(), encoder, target);
    }
    elements.clear();
  }

  /** Forgets what was added since the last frame. */
  void discard() {
    count = 0;
    elements.clear();
  }

  /** Bytes that it keeps while it is not used. */
  int capacity() {
    return elements.capacity() + frame.capacity();
  }

  void release() {
    elements.release();
    frame.release();
  }

  private void push(int partition, long offset, int end) {
    if (count == ends.length) {
      partitions = Arrays.copyOf(partitions, count * 2);
      offsets = Arrays.copyOf(offsets, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
    }
    partitions[count] = partition;
    offsets[count] = offset;
    ends[count++] = end;
  }

  private void emit(int length, Encoder encoder, Target target) {
    int n = count;
    count = 0;
    frame.clear();
    int opening = encoder.frame(elements, 0, length, n, frame);
    int[] itsPartitions = Arrays.copyOf(partitions, n);
    long[] itsOffsets = Arrays.copyOf(offsets, n);
    int[] itsEnds = Arrays.copyOf(ends, n);
    int gapBetween = separator;
    target.append(
        frame,
        Link.BYTES + n * RecordStretch.BYTES_PER_RECORD,
        (segment, index, bytes) ->
            new RecordStretch(
                segment,
                index,
                bytes,
                index + opening,
                gapBetween,
                itsPartitions,
                itsOffsets,
                itsEnds));
  }
}
