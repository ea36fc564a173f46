package io.sluice.relay;

import org.jspecify.annotations.Nullable;

/**
 * What one replay read serves: a partition for one feed; or, for all feeds that want only the
 * records of some key, a partition for all of them, because each finds its own in what was read.
 *
 * @param source the partition, as it is read since its topic was last made
 * @param feed the feed, {@code null} for all those of a key
 */
record Scope(PartitionProgress source, @Nullable Feed feed) {
  static Scope of(Feed feed, FeedPartition partition) {
    return new Scope(partition.progress(), feed.recordKey() == null ? feed : null);
  }
}
