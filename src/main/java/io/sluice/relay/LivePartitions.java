package io.sluice.relay;

import io.sluice.log.LiveLog;
import io.sluice.log.Partition;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which partitions the live reader reads. Reader's thread. */
final class LivePartitions {
  private final Map<Partition, LivePartition> reading = new HashMap<>();
  private final LiveLog log;

  LivePartitions(LiveLog log) {
    this.log = log;
  }

  /** The partition, where it is read. */
  @Nullable LivePartition get(Partition partition) {
    return reading.get(partition);
  }

  /** Where its reader stands, where it is read. */
  @Nullable Long position(Partition partition) {
    LivePartition live = reading.get(partition);
    return live == null ? null : live.position();
  }

  /** Reads {@code partition}: where its reader is, else from {@code from} on. */
  LivePartition read(Partition partition, long from) {
    LivePartition live = reading.get(partition);
    if (live == null) {
      live = new LivePartition(partition, from);
      log.read(partition, from);
      reading.put(partition, live);
    }
    return live;
  }

  /** The log has stopped reading {@code partition} by itself; returns it where it was read. */
  @Nullable LivePartition onStopped(Partition partition) {
    return reading.remove(partition);
  }

  /**
   * {@code feed} wants {@code partition} no longer: stops reading it where nobody else does.
   *
   * @return true where it is not read any more
   */
  boolean leave(FeedPartition partition, Feed feed) {
    LivePartition live = reading.get(partition.partition());
    if (live == null || live.progress() != partition.progress()) {
      return true;
    }
    if (!live.remove(feed)) {
      return false;
    }
    reading.remove(partition.partition());
    log.stop(partition.partition());
    return true;
  }
}
