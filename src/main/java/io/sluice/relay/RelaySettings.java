package io.sluice.relay;

import java.time.Duration;

/**
 * Limits of the relay.
 *
 * @param windowBytes memory for all windows, replayed slices and bytes held by sockets together
 * @param feedWindowBytes memory for the window of one feed
 * @param maxFeeds how many feeds there may be at once
 * @param linger how long a feed, and with it the reading of its partitions, outlives its last
 *     subscriber
 * @param maxBatchBytes about how many bytes of records stand in one message, and how much is handed
 *     to a socket at once
 * @param maxMessageBytes what several records in one message may have together; a larger one stands
 *     alone
 * @param maxRecordBytes the largest record that is relayed, in bytes as the log stores it; a larger
 *     one is a gap
 * @param sliceBytes how much one replay read takes from the log
 * @param replayCacheBytes memory for replayed slices that are kept for the next who asks
 * @param replayBytesPerSecond how much is scanned by replays in a second, all together
 * @param replayBytesPerSecondPerOwner how much is scanned by replays of one owner in a second
 * @param maxTopicsPerGlob how many topics a glob may match
 */
public record RelaySettings(
    long windowBytes,
    long feedWindowBytes,
    int maxFeeds,
    Duration linger,
    int maxBatchBytes,
    int maxMessageBytes,
    int maxRecordBytes,
    int sliceBytes,
    long replayCacheBytes,
    long replayBytesPerSecond,
    long replayBytesPerSecondPerOwner,
    int maxTopicsPerGlob) {
  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  /**
   * What stands around the records of a message at most: the opening with its number, the closing.
   */
  public static final int ENVELOPE_BYTES = 128;

  public RelaySettings {
    positive("window-bytes", windowBytes);
    positive("feed-window-bytes", feedWindowBytes);
    positive("max-feeds", maxFeeds);
    positive("max-batch-bytes", maxBatchBytes);
    require(
        maxBatchBytes <= maxMessageBytes,
        "max-batch-bytes",
        "must not be above what a message may have");
    positive("max-record-bytes", maxRecordBytes);
    positive("slice-bytes", sliceBytes);
    positive("replay-bytes-per-second", replayBytesPerSecond);
    positive("replay-bytes-per-second-per-owner", replayBytesPerSecondPerOwner);
    positive("max-topics-per-glob", maxTopicsPerGlob);
    require(replayCacheBytes >= 0, "replay-cache-bytes", "must not be negative");
    require(!linger.isNegative(), "linger", "must not be negative");
    require(
        feedWindowBytes <= windowBytes,
        "feed-window-bytes",
        "must not be above sluice.relay.window-bytes");
    require(feedWindowBytes <= Integer.MAX_VALUE, "feed-window-bytes", "must be below 2 GiB");
    require(
        replayCacheBytes <= windowBytes,
        "replay-cache-bytes",
        "must not be above sluice.relay.window-bytes");
    require(
        replayBytesPerSecondPerOwner <= replayBytesPerSecond,
        "replay-bytes-per-second-per-owner",
        "must not be above sluice.relay.replay-bytes-per-second");
  }

  /** What is right for most. */
  public static RelaySettings defaults() {
    return new RelaySettings(
        128L * MIB,
        16L * MIB,
        10_000,
        Duration.ofSeconds(30),
        64 * KIB,
        256 * KIB - ENVELOPE_BYTES,
        MIB,
        256 * KIB,
        16L * MIB,
        128L * MIB,
        64L * MIB,
        1_000);
  }

  private static void positive(String setting, long value) {
    require(value > 0, setting, "must be positive");
  }

  private static void require(boolean condition, String setting, String rule) {
    if (!condition) {
      throw new IllegalArgumentException("sluice.relay." + setting + " " + rule);
    }
  }
}
