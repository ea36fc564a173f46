package io.sluice.relay;

import io.sluice.log.Partition;

/**
 * A partition as one feed knows it. A topic that was made again has new ones.
 *
 * @param index its place in the vectors of the feed
 * @param partition the partition
 * @param start from where on those are owed it that had subscribed before it joined
 * @param covered from where on the feed's window has it; what lies between the two is replayed
 * @param progress how far it is read
 */
record FeedPartition(
    int index, Partition partition, long start, long covered, PartitionProgress progress) {
  /** True where the window alone does not give what is owed. */
  boolean isOwedMore() {
    return start < covered;
  }
}
