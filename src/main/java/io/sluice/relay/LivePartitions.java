package io.sluice.relay;

import io.sluice.log.LiveLog;
import io.sluice.log.Partition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
      reading.put(partition, live);
      log.read(partition, from);
    }
    return live;
  }

  /** Reads it no longer, where it does. */
  void stop(Partition partition) {
    if (reading.remove(partition) != null) {
      log.stop(partition);
    }
  }

  /** The log has stopped reading {@code partition} by itself; returns who wanted it. */
  List<Feed> onStopped(Partition partition) {
    LivePartition live = reading.remove(partition);
    return live == null ? List.of() : live.feeds();
  }

  /** Stops those that nobody has wanted since {@code deadline}. */
  void stopIdle(long deadline) {
    List<Partition> idle = new ArrayList<>();
    for (LivePartition live : reading.values()) {
      if (live.isIdleSince(deadline)) {
        idle.add(live.partition());
      }
    }
    idle.forEach(this::stop);
  }
}
