package io.sluice.relay;

import io.sluice.filter.KeyIndex;
import io.sluice.log.LogRecord;
import io.sluice.log.Partition;
import io.sluice.log.RecordKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition that the live reader reads, and the feeds that want it. Reader's thread.
 *
 * <p>Feeds that want one key's records are found by that key: a record costs one look-up, however
 * many they are.
 */
final class LivePartition {
  private static final class Reader {
    final Feed feed;
    final int index;

    /** What of the records that are just handed over is for it. */
    @Nullable List<LogRecord> matched;

    Reader(Feed feed, int index) {
      this.feed = feed;
      this.index = index;
    }
  }

  private record Awaited(Feed feed, long offset) {}

  private final Partition partition;
  private final PartitionProgress progress;
  private final List<Reader> ofAll = new ArrayList<>(1);
  private final KeyIndex<Reader> ofKey = new KeyIndex<>();
  private final List<Awaited> awaited = new ArrayList<>(0);
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
    RecordKey key = feed.recordKey();
    if (key == null) {
      ofAll.add(new Reader(feed, index));
    } else {
      ofKey.add(key, new Reader(feed, index));
    }
  }

  /** {@code feed} wants it no longer; true where nobody does. */
  boolean remove(Feed feed) {
    RecordKey key = feed.recordKey();
    if (key == null) {
      ofAll.removeIf(reader -> reader.feed == feed);
    } else {
      List.copyOf(ofKey.of(key)).stream()
          .filter(reader -> reader.feed == feed)
          .forEach(reader -> ofKey.remove(key, reader));
    }
    awaited.removeIf(each -> each.feed() == feed);
    return ofAll.isEmpty() && ofKey.isEmpty();
  }

  /** The feeds that read it. */
  List<Feed> feeds() {
    List<Feed> feeds = new ArrayList<>();
    ofAll.forEach(reader -> feeds.add(reader.feed));
    ofKey.values().forEach(reader -> feeds.add(reader.feed));
    return feeds;
  }

  /**
   * Somebody of {@code feed} waits until it is read to {@code offset}, even if nothing up to there
   * is for that feed.
   */
  void await(Feed feed, long offset) {
    awaited.add(new Awaited(feed, offset));
  }

  /**
   * The reader brought {@code records} and stands at {@code to}; {@code take} does what each feed
   * has to do that something is for.
   *
   * @return how many look-ups of a key that took
   */
  int pass(long to, List<LogRecord> records, Take take) {
    position = to;
    for (Reader reader : List.copyOf(ofAll)) {
      take.take(reader.feed, reader.index, records);
    }
    if (records.isEmpty() || ofKey.isEmpty()) {
      return 0;
    }
    List<Reader> matching = new ArrayList<>();
    for (LogRecord record : records) {
      for (Reader reader : ofKey.of(record.key())) {
        if (reader.matched == null) {
          reader.matched = new ArrayList<>(2);
          matching.add(reader);
        }
        reader.matched.add(record);
      }
    }
    for (Reader reader : matching) {
      List<LogRecord> matched = reader.matched;
      reader.matched = null;
      if (matched != null) {
        take.take(reader.feed, reader.index, matched);
      }
    }
    return records.size();
  }

  /** The reader found that nothing is there any more up to {@code to}: every feed has to know. */
  void passGap(long to, Take take) {
    position = to;
    for (Reader reader : List.copyOf(ofAll)) {
      take.take(reader.feed, reader.index, List.of());
    }
    for (Reader reader : ofKey.values()) {
      take.take(reader.feed, reader.index, List.of());
    }
  }

  /**
   * Says to event loops how far it is read. After all appends of a poll.
   *
   * @param reached gathers the feeds of which somebody has waited for that
   */
  void publish(Collection<Feed> reached) {
    progress.publish(position);
    if (awaited.isEmpty()) {
      return;
    }
    for (Awaited each : awaited) {
      if (each.offset() <= position) {
        reached.add(each.feed());
      }
    }
    awaited.removeIf(each -> each.offset() <= position);
  }

  /** What a feed does with what was read of one of its partitions. */
  interface Take {
    void take(Feed feed, int index, List<LogRecord> records);
  }
}
