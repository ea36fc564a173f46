package io.sluice.relay;

/** Some records in a ready frame. */
final class RecordStretch implements Stretch {
  /** Heap bytes of one record: its partition, its offset and its end. */
  static final int BYTES_PER_RECORD = Integer.BYTES + Long.BYTES + Integer.BYTES;

  private final Segment segment;
  private final int index;
  private final int length;
  private final int elements;
  private final int separator;
  private final int[] partitions;
  private final long[] offsets;
  private final int[] ends;

  /**
   * @param segment holds the frame at {@code index} with {@code length} bytes
   * @param elements where the first element begins in the segment
   * @param separator bytes between two elements
   * @param partitions the partition of each element
   * @param offsets the offset of each element, ascending within a partition
   * @param ends where each element ends, from {@code elements}
   */
  RecordStretch(
      Segment segment,
      int index,
      int length,
      int elements,
      int separator,
      int[] partitions,
      long[] offsets,
      int[] ends) {
    this.segment = segment;
    this.index = index;
    this.length = length;
    this.elements = elements;
    this.separator = separator;
    this.partitions = partitions;
    this.offsets = offsets;
    this.ends = ends;
  }

  @Override
  public Segment segment() {
    return segment;
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int records() {
    return offsets.length;
  }

  @Override
  public void advance(long[] positions) {
    for (int i = 0; i < offsets.length; i++) {
      int partition = partitions[i];
      if (positions[partition] <= offsets[i]) {
        positions[partition] = offsets[i] + 1;
      }
    }
  }

  @Override
  public void spans(Spans sink) {
    int first = 0;
    for (int i = 0; i < offsets.length; i++) {
      if (i + 1 == offsets.length || partitions[i + 1] != partitions[i]) {
        sink.span(partitions[i], offsets[first], offsets[i] + 1);
        first = i + 1;
      }
    }
  }

  @Override
  public Reach reach(long[] from) {
    int kept = 0;
    for (int i = 0; i < offsets.length; i++) {
      if (isKept(i, from)) {
        kept++;
      }
    }
    return kept == offsets.length ? Reach.ALL : kept == 0 ? Reach.NONE : Reach.SOME;
  }

  /**
   * Adds to {@code message} what lies at or after {@code positions}, as long as there is room, and
   * moves them behind it. The caller holds a reference to the segment.
   *
   * @return false where there was no room for some of it
   */
  boolean excerpt(long[] positions, Excerpt message) {
    int i = 0;
    while (i < offsets.length) {
      if (!isKept(i, positions)) {
        i++;
        continue;
      }
      int first = i;
      int start = first == 0 ? 0 : ends[first - 1] + separator;
      while (i < offsets.length
          && isKept(i, positions)
          && message.hasRoomFor(i + 1 - first, ends[i] - start)) {
        positions[partitions[i]] = offsets[i] + 1;
        i++;
      }
      if (i == first) {
        return false;
      }
      message.add(segment.bytes(), elements + start, ends[i - 1] - start, i - first);
    }
    return true;
  }

  private boolean isKept(int i, long[] from) {
    return offsets[i] >= from[partitions[i]];
  }
}
