package io.sluice.app;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.sluice.relay.RelaySettings;
import java.time.Duration;

/**
 * {@code sluice.relay.*}: what the relay may hold. The meaning of each is in {@link RelaySettings}.
 */
@ConfigurationProperties("sluice.relay")
record RelayConfiguration(
    @Bindable(defaultValue = "134217728") long windowBytes,
    @Bindable(defaultValue = "16777216") long feedWindowBytes,
    @Bindable(defaultValue = "10000") int maxFeeds,
    @Bindable(defaultValue = "30s") Duration linger,
    @Bindable(defaultValue = "65536") int maxBatchBytes,
    @Bindable(defaultValue = "1048576") int maxRecordBytes,
    @Bindable(defaultValue = "262144") int sliceBytes,
    @Bindable(defaultValue = "16777216") long replayCacheBytes,
    @Bindable(defaultValue = "134217728") long replayBytesPerSecond,
    @Bindable(defaultValue = "67108864") long replayBytesPerSecondPerOwner,
    @Bindable(defaultValue = "1000") int maxTopicsPerGlob) {
  RelayConfiguration {
    Settings.within("sluice.relay.window-bytes", windowBytes, 1, Long.MAX_VALUE);
    Settings.within("sluice.relay.feed-window-bytes", feedWindowBytes, 1, Integer.MAX_VALUE);
    Settings.atMost(
        "sluice.relay.feed-window-bytes",
        feedWindowBytes,
        "sluice.relay.window-bytes",
        windowBytes);
    Settings.within("sluice.relay.max-feeds", maxFeeds, 1, Integer.MAX_VALUE);
    Settings.notNegative("sluice.relay.linger", linger);
    Settings.within("sluice.relay.max-batch-bytes", maxBatchBytes, 1, Integer.MAX_VALUE);
    Settings.within("sluice.relay.max-record-bytes", maxRecordBytes, 1, Integer.MAX_VALUE);
    Settings.within("sluice.relay.slice-bytes", sliceBytes, 1, Integer.MAX_VALUE);
    Settings.within("sluice.relay.replay-cache-bytes", replayCacheBytes, 0, Long.MAX_VALUE);
    Settings.atMost(
        "sluice.relay.replay-cache-bytes",
        replayCacheBytes,
        "sluice.relay.window-bytes",
        windowBytes);
    Settings.within(
        "sluice.relay.replay-bytes-per-second", replayBytesPerSecond, 1, Long.MAX_VALUE);
    Settings.within(
        "sluice.relay.replay-bytes-per-second-per-owner",
        replayBytesPerSecondPerOwner,
        1,
        Long.MAX_VALUE);
    Settings.atMost(
        "sluice.relay.replay-bytes-per-second-per-owner",
        replayBytesPerSecondPerOwner,
        "sluice.relay.replay-bytes-per-second",
        replayBytesPerSecond);
    Settings.within("sluice.relay.max-topics-per-glob", maxTopicsPerGlob, 1, Integer.MAX_VALUE);
  }

  /**
   * @param maxMessageBytes what a message with several records may have at most
   */
  RelaySettings settings(int maxMessageBytes) {
    return new RelaySettings(
        windowBytes,
        feedWindowBytes,
        maxFeeds,
        linger,
        Math.min(maxBatchBytes, maxMessageBytes - RelaySettings.ENVELOPE_BYTES),
        maxMessageBytes - RelaySettings.ENVELOPE_BYTES,
        maxRecordBytes,
        sliceBytes,
        replayCacheBytes,
        replayBytesPerSecond,
        replayBytesPerSecondPerOwner,
        maxTopicsPerGlob);
  }
}
