package io.sluice.session;

import io.sluice.channel.Channel;
import io.sluice.channel.Channels;
import io.sluice.log.Availability;
import io.sluice.log.Catalog;
import io.sluice.log.LogException;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Failure;
import io.sluice.protocol.SubscribeOptions;
import io.sluice.relay.WireFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

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
    /**
     * The channel is there.
     *
     * @param topics the topics behind it, at least one
     * @param readable whether its rules let this format be read
     * @param writable whether they let it be written
     * @param keyed whether it is one key of its topics
     */
    record Existing(List<String> topics, boolean readable, boolean writable, boolean keyed)
        implements Found {
      public Existing {
        topics = List.copyOf(topics);
      }

      /** Why it cannot be read with these options; {@code null} where it can. */
      public @Nullable Failure objection(SubscribeOptions options) {
        return Permission.toSelect(options, keyed);
      }
    }

    /** It is not, or nobody knows at present. */
    record Nothing(Failure failure) implements Found {}
  }

  /**
   * Looks for one channel. Completes on any thread, never exceptionally; how long that takes is the
   * log's business.
   *
   * @param format how messages to and from the client are written
   */
  public CompletionStage<Found> find(String name, WireFormat format) {
    return switch (channels.resolve(name)) {
      case Channels.Resolution.Found(Channel channel) -> find(channel, format);
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

  private CompletionStage<Found> find(Channel channel, WireFormat format) {
    if (!availability.isAvailable()) {
      return nothing(Failure.of(ErrorCode.UNAVAILABLE, "Kafka cannot be reached at present."));
    }
    CompletionStage<Found> found =
        CompletableFuture.completedFuture(
            new Found.Existing(
                channel.topics(),
                Permission.toRead(channel, format) == null,
                Permission.toPublish(channel, format) == null,
                channel.key() != null));
    for (String topic : channel.topics()) {
      found = found.thenCombine(catalog.topic(topic), (all, _) -> all);
    }
    return found.exceptionally(
        thrown -> new Found.Nothing(Failures.of(LogException.failureOf(thrown))));
  }

  private static CompletionStage<Found> nothing(Failure failure) {
    return CompletableFuture.completedFuture(new Found.Nothing(failure));
  }
}
