package io.sluice.relay;

import io.sluice.log.LogRecord;
import io.sluice.log.Partition;
import java.util.ArrayList;
import java.util.List;

/** A partition that the live reader reads, and the feeds that want it. Reader's thread. */
final class LivePartition {
  private record Reader(Feed feed, int index) {}

  private final Partition partition;
  private final PartitionProgress progress;
  private final List<Reader> readers = new ArrayList<>(1);
  private long position;

  LivePartition(Partition partition, long position) {
    this.partition = partition;
    this.position = position;
    this.progress = new PartitionProgress(position);
  }

  Partition partition() {
    return partition;
  }

  PartitionProgress progress() {
    return progress;
  }

  /** The next offset that the reader will hand over. */
  long position() {
    return position;
  }

  void add(Feed feed, int index) {
    readers.add(new Reader(feed, index));
  }

  /** {@code feed} wants it no longer; true where nobody does. */
  boolean remove(Feed feed) {
    readers.removeIf(reader -> reader.feed() == feed);
    return readers.isEmpty();
  }

  /** The feeds that read it. */
  List<Feed> feeds() {
    return readers.stream().map(Reader::feed).toList();
  }

  /**
   * The reader brought {@code records} and stands at {@code to}; {@code take} does what each feed
   * has to do.
   */
  void pass(long to, List<LogRecord> records, Take take) {
    position = to;
    for (Reader reader : List.copyOf(readers)) {
      take.take(reader.feed(), reader.index(), records);
    }
  }

  /** Says to event loops how far it is read. After all appends of a poll. */
  void publish() {
    progress.publish(position);
  }

  /** What a feed does with what was read of one of its partitions. */
  interface Take {
    void take(Feed feed, int index, List<LogRecord> records);
  }
}
