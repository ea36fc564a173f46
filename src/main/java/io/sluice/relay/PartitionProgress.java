package io.sluice.relay;

/**
 * How far the live reader has read a partition: every window that reads it has all records below.
 * Written by the reader after all appends of a poll; read by event loops, before they follow the
 * links of a window.
 */
final class PartitionProgress {
  private volatile long position;

  PartitionProgress(long position) {
    this.position = position;
  }

  long position() {
    return position;
  }

  void publish(long newPosition) {
    position = newPosition;
  }
}
