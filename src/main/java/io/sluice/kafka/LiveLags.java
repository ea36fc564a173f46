package io.sluice.kafka;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** How far the live readers are behind the head of what they read. Any thread. */
public final class LiveLags {
  private final List<LiveLag> readers = new CopyOnWriteArrayList<>();

  LiveLags() {}

  /** What one more reader looks at. */
  LiveLag reader() {
    LiveLag lag = new LiveLag(System::nanoTime);
    readers.add(lag);
    return lag;
  }

  /** Records between a reader and the head, of all partitions that are read, of all readers. */
  public long total() {
    return readers.stream().mapToLong(LiveLag::total).sum();
  }

  /** The same of the partition that has most, of whichever reader. */
  public long largest() {
    return readers.stream().mapToLong(LiveLag::largest).max().orElse(0);
  }
}
