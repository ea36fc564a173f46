package io.sluice.transport;

import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Failure;
import io.sluice.protocol.SubscribeOptions;
import io.sluice.relay.WireFormat;
import io.sluice.session.ExistingChannels;
import io.sluice.session.ExistingChannels.Found;
import io.sluice.wire.ChannelQuery;
import io.sluice.wire.ChannelQuery.OptionsReading;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Finds channels for requests that wait for it, which is a crossing from whatever thread knows to
 * their event loop. Any thread.
 *
 * @param patience how long a request waits
 */
record ChannelLookup(ExistingChannels channels, Duration patience) {
  /**
   * What a request may do with its channel.
   *
   * @param options of its query, in the topics of the channel
   * @param reads whether it wants to read, and may
   * @param writes whether it wants to write, and may
   */
  record Access(SubscribeOptions options, boolean reads, boolean writes) {}

  /** Calls one of {@code granted} and {@code refused}, on {@code eventLoop}. */
  void find(
      String channel,
      WireFormat format,
      ChannelQuery query,
      Executor eventLoop,
      Consumer<Access> granted,
      Consumer<HttpAnswer> refused) {
    channels
        .find(channel, format)
        .toCompletableFuture()
        .copy()
        .completeOnTimeout(late(), patience.toMillis(), TimeUnit.MILLISECONDS)
        .thenAcceptAsync(found -> onFound(found, query, granted, refused), eventLoop);
  }

  private static void onFound(
      Found found, ChannelQuery query, Consumer<Access> granted, Consumer<HttpAnswer> refused) {
    switch (found) {
      case Found.Nothing(Failure failure) -> refused.accept(HttpAnswer.problem(failure));
      case Found.Existing existing -> {
        boolean reads = query.reads() && existing.readable();
        boolean writes = query.writes() && existing.writable();
        if (!reads && !writes) {
          refused.accept(HttpAnswer.problem(forbidden()));
          return;
        }
        switch (query.optionsOn(existing.topics())) {
          case OptionsReading.Understood(SubscribeOptions options) ->
              granted.accept(new Access(options, reads, writes));
          case OptionsReading.Malformed(String parameter, String message) ->
              refused.accept(HttpAnswer.invalid(parameter, message));
        }
      }
    }
  }

  private static Failure forbidden() {
    return Failure.of(
        ErrorCode.FORBIDDEN,
        "This channel can neither be read nor written to as it was asked for.",
        "channel");
  }

  private static Found late() {
    return new Found.Nothing(
        Failure.of(
            ErrorCode.UNAVAILABLE, "Kafka did not say in time whether the channel is there."));
  }
}
