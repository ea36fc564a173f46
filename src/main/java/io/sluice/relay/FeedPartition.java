package io.sluice.relay;

import io.sluice.log.Partition;

/**
 * A partition as one feed knows it. A topic that was made again has new ones.
 *
 * @param index its place in the vectors of the feed
 * @param partition the partition
 * @param start the offset at which the feed began to read it
 * @param progress how far it is read
 */
record FeedPartition(int index, Partition partition, long start, PartitionProgress progress) {}
