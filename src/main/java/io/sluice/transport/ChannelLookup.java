package io.sluice.transport;

import io.netty.channel.Channel;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Failure;
import io.sluice.protocol.SubscribeOptions;
import io.sluice.relay.WireFormat;
import io.sluice.session.ExistingChannels;
import io.sluice.session.ExistingChannels.Found;
import io.sluice.wire.ChannelQuery;
import io.sluice.wire.ChannelQuery.OptionsReading;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds channels for requests that wait for it, which is a crossing from whatever thread knows to
 * their event loop. Any thread.
 *
 * @param patience how long a request waits
 * @param draining whether this instance is going away, which it may have begun meanwhile
 */
record ChannelLookup(ExistingChannels channels, Duration patience, BooleanSupplier draining) {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelLookup.class);
  private static final Failure INTERNAL =
      Failure.of(ErrorCode.INTERNAL, "Something failed in the gateway; its log says what.");

  /**
   * What a request may do with its channel.
   *
   * @param options of its query, in the topics of the channel
   * @param reads whether it wants to read, and may
   * @param writes whether it wants to write, and may
   */
  record Access(SubscribeOptions options, boolean reads, boolean writes) {}

  /**
   * Calls one of {@code granted} and {@code refused}, on the event loop of {@code connection}; both
   * where {@code granted} fails.
   */
  void find(
      String channel,
      WireFormat format,
      ChannelQuery query,
      Channel connection,
      Consumer<Access> granted,
      Consumer<HttpAnswer> refused) {
    CompletableFuture<Found> found =
        channels
            .find(channel, format)
            .toCompletableFuture()
            .copy()
            .completeOnTimeout(late(), patience.toMillis(), TimeUnit.MILLISECONDS);
    found.whenComplete((answer, thrown) ->
        connection
            .eventLoop()
            .execute(() -> {
              try {
                if (answer == null) {
                  throw new IllegalStateException("A look-up failed, which has an answer.", thrown);
                }
                onFound(answer, query, granted, refused);
              } catch (RuntimeException mistake) {
                LOG.atError()
                    .setCause(mistake)
                    .log("A request for a channel fails by our mistake.");
                Departure.closeAfter(connection, Departure.LINGER); // whatever it hears of it
                refused.accept(HttpAnswer.problem(INTERNAL).closing());
              }
            }));
  }

  private void onFound(
      Found found, ChannelQuery query, Consumer<Access> granted, Consumer<HttpAnswer> refused) {
    if (draining.getAsBoolean()) {
      refused.accept(HttpAnswer.GOING_AWAY);
      return;
    }
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
          case OptionsReading.Understood(SubscribeOptions options) -> {
            Failure failure = reads ? existing.objection(options) : null;
            if (failure == null) {
              granted.accept(new Access(options, reads, writes));
            } else {
              refused.accept(HttpAnswer.problem(failure));
            }
          }
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
