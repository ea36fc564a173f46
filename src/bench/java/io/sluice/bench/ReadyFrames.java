package io.sluice.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A backlog as frames that lie one behind the other, each to be written by itself. Immutable.
 *
 * @param bytes all frames; never moved
 * @param ends where each frame ends, as many as there are
 */
record ReadyFrames(ByteBuffer bytes, int[] ends) {
  /** Makes {@code records} records, {@code perFrame} in each {@code records} message. */
  static ReadyFrames make(String topic, int valueBytes, int perFrame, int records) {
    List<byte[]> frames = new ArrayList<>();
    int size = 0;
    for (int first = 0; first < records; first += perFrame) {
      List<byte[]> values = new ArrayList<>();
      for (int seq = first; seq < Math.min(records, first + perFrame); seq++) {
        values.add(StampedValue.of(valueBytes, seq, System.nanoTime()));
      }
      byte[] frame = Envelope.frame(topic, first, System.currentTimeMillis(), values);
      frames.add(frame);
      size = Math.addExact(size, frame.length);
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(size);
    int[] ends = new int[frames.size()];
    for (int i = 0; i < ends.length; i++) {
      bytes.put(frames.get(i));
      ends[i] = bytes.position();
    }
    return new ReadyFrames(bytes.flip(), ends);
  }

  int count() {
    return ends.length;
  }
}
