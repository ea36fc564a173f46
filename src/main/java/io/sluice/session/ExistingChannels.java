package io.sluice.session;

import io.sluice.channel.Channel;
import io.sluice.channel.Channels;
import io.sluice.log.Availability;
import io.sluice.log.Catalog;
import io.sluice.log.LogException;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Failure;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The channels that are there at this moment, for those who have to know before they let a client
 * in. Never blocks; any thread.
 */
public final class ExistingChannels {
  private final Channels channels;
  private final Catalog catalog;
  private final Availability availability;

  public ExistingChannels(Channels channels, Catalog catalog, Availability availability) {
    this.channels = channels;
    this.catalog = catalog;
    this.availability = availability;
  }

  /** What a look-up found. */
  public sealed interface Found {
    /** The channel is there, on these topics. */
    record Topics(List<String> names) implements Found {}

    /** It is not, or nobody knows at present. */
    record Nothing(Failure failure) implements Found {}
  }

  /**
   * Looks for one channel. Completes on any thread, never exceptionally; how long that takes is the
   * log's business.
   */
  public CompletionStage<Found> find(String name) {
    return switch (channels.resolve(name)) {
      case Channels.Resolution.Found(Channel channel) -> find(channel.topics());
      case Channels.Resolution.Unknown(String reason) ->
          nothing(Failure.of(ErrorCode.UNKNOWN_CHANNEL, reason, "channel"));
      case Channels.Resolution.Pattern _ ->
          nothing(
              Failure.of(
                  ErrorCode.INVALID, "This address names one channel, not a glob.", "channel"));
      case Channels.Resolution.Invalid(String reason) ->
          nothing(Failure.of(ErrorCode.INVALID, reason, "channel"));
    };
  }

  private CompletionStage<Found> find(List<String> topics) {
    if (!availability.isAvailable()) {
      return nothing(Failure.of(ErrorCode.UNAVAILABLE, "Kafka cannot be reached at present."));
    }
    CompletionStage<Found> found =
        CompletableFuture.completedFuture(new Found.Topics(List.copyOf(topics)));
    for (String topic : topics) {
      found = found.thenCombine(catalog.topic(topic), (all, _) -> all);
    }
    return found.exceptionally(
        thrown -> new Found.Nothing(Failures.of(LogException.failureOf(thrown))));
  }

  private static CompletionStage<Found> nothing(Failure failure) {
    return CompletableFuture.completedFuture(new Found.Nothing(failure));
  }
}
