package io.sluice.transport;

import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Failure;
import io.sluice.protocol.SubscribeOptions;
import io.sluice.session.ExistingChannels;
import io.sluice.session.ExistingChannels.Found;
import io.sluice.wire.ChannelQuery;
import io.sluice.wire.ChannelQuery.OptionsReading;
import java.time.Duration;
import java.util.List;
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
   * Calls one of {@code found}, with the options of {@code query} in the channel's topics, and
   * {@code refused}, on {@code eventLoop}.
   */
  void find(
      String channel,
      ChannelQuery query,
      Executor eventLoop,
      Consumer<SubscribeOptions> found,
      Consumer<HttpAnswer> refused) {
    channels
        .find(channel)
        .toCompletableFuture()
        .copy()
        .completeOnTimeout(late(), patience.toMillis(), TimeUnit.MILLISECONDS)
        .thenAcceptAsync(result -> onFound(result, query, found, refused), eventLoop);
  }

  private static void onFound(
      Found result,
      ChannelQuery query,
      Consumer<SubscribeOptions> found,
      Consumer<HttpAnswer> refused) {
    switch (result) {
      case Found.Nothing(Failure failure) -> refused.accept(HttpAnswer.problem(failure));
      case Found.Topics(List<String> topics) -> {
        switch (query.optionsOn(topics)) {
          case OptionsReading.Understood(SubscribeOptions options) -> found.accept(options);
          case OptionsReading.Malformed(String parameter, String message) ->
              refused.accept(HttpAnswer.invalid(parameter, message));
        }
      }
    }
  }

  private static Found late() {
    return new Found.Nothing(
        Failure.of(
            ErrorCode.UNAVAILABLE, "Kafka did not say in time whether the channel is there."));
  }
}
