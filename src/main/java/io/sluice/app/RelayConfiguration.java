package io.sluice.app;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.sluice.relay.RelaySettings;
import java.time.Duration;

/**
 * {@code sluice.relay.*}: what the relay may hold. The meaning of each is in {@link RelaySettings},
 * which checks them.
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
    @Bindable(defaultValue = "67108864") long replayBytesPerSecondPerOwner) {
  /**
   * What stands around the records of a message: a frame header, the opening with its number, the
   * closing.
   */
  private static final int ENVELOPE_BYTES = 128;

  /**
   * @param maxMessageBytes what a message with several records may have at most
   */
  RelaySettings settings(int maxMessageBytes) {
    return new RelaySettings(
        windowBytes,
        feedWindowBytes,
        maxFeeds,
        linger,
        Math.min(maxBatchBytes, maxMessageBytes - ENVELOPE_BYTES),
        maxRecordBytes,
        sliceBytes,
        replayCacheBytes,
        replayBytesPerSecond,
        replayBytesPerSecondPerOwner);
  }
}
