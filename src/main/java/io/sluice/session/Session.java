package io.sluice.session;

import io.sluice.channel.Channels;
import io.sluice.log.Availability;
import io.sluice.log.Publisher;
import io.sluice.protocol.ClientMessage;
import io.sluice.protocol.CloseCode;
import io.sluice.protocol.Command;
import io.sluice.protocol.CommandId;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Event;
import io.sluice.protocol.Failure;
import io.sluice.relay.LoopRelay;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One client's conversation on {@code /v1/ws}: takes its commands one by one and answers each.
 * Event-loop thread only.
 *
 * <p>Order of calls: {@link #open}, then any of the others, then {@link #close}, after which
 * nothing is sent.
 */
public final class Session {
  private final Client client;
  private final SessionLimits limits;
  private final Channels channels;
  private final Availability availability;
  private final Subscriptions subscriptions;
  private final Publications publications;
  private final String instance;

  /**
   * @param instance the random name of this gateway process
   * @param relay the relay of the client's event loop
   */
  public Session(
      Client client,
      SessionLimits limits,
      String instance,
      Channels channels,
      LoopRelay relay,
      Publisher publisher,
      Availability availability) {
    this.client = client;
    this.limits = limits;
    this.instance = instance;
    this.channels = channels;
    this.availability = availability;
    // Without a principal each connection is its own owner: nobody's replay waits behind another's.
    this.subscriptions =
        new Subscriptions(
            client, relay.open(client.outlet(), client.connection()), limits.maxSubscriptions());
    this.publications = new Publications(client, publisher, limits);
  }

  /** The connection stands: greets the client. */
  public void open() {
    client.send(
        new Event.Welcome(client.connection(), instance, limits.told(), limits.heartbeat()));
    if (!availability.isAvailable()) {
      client.send(new Event.Status(false));
    }
  }

  /** The client said something. */
  public void onMessage(ClientMessage message) {
    switch (message) {
      case Command.Subscribe subscribe -> onSubscribe(subscribe);
      case Command.Unsubscribe unsubscribe ->
          subscriptions.end(unsubscribe.id(), unsubscribe.subscription());
      case Command.Publish publish -> onPublish(publish);
      case Command.Credit credit -> refuseForNow(credit.id(), "type", "The command credit");
      case Command.Describe describe -> refuseForNow(describe.id(), "type", "The command describe");
      case Command.Ping ping -> client.send(new Event.Pong(ping.id()));
      case ClientMessage.Malformed malformed ->
          refuse(
              malformed.id(),
              new Failure(ErrorCode.INVALID, malformed.message(), malformed.field(), null));
    }
  }

  private void onSubscribe(Command.Subscribe subscribe) {
    switch (channels.resolve(subscribe.channel())) {
      case Channels.Resolution.ToTopic(String topic) -> subscriptions.begin(subscribe, topic);
      case Channels.Resolution.Unknown(String reason) ->
          refuse(subscribe.id(), Failure.of(ErrorCode.UNKNOWN_CHANNEL, reason, "channel"));
      case Channels.Resolution.Pattern() ->
          refuse(
              subscribe.id(),
              Failure.of(
                  ErrorCode.INVALID, "A glob as the channel is not supported yet.", "channel"));
    }
  }

  private void onPublish(Command.Publish publish) {
    switch (channels.resolve(publish.channel())) {
      case Channels.Resolution.ToTopic(String topic) -> publications.publish(publish, topic);
      case Channels.Resolution.Unknown(String reason) ->
          refuse(publish.id(), Failure.of(ErrorCode.UNKNOWN_CHANNEL, reason, "channel"));
      case Channels.Resolution.Pattern() ->
          refuse(
              publish.id(),
              Failure.of(ErrorCode.INVALID, "A publish names one channel, not a glob.", "channel"));
    }
  }

  /** Kafka cannot be reached, or can be again. */
  public void onAvailability(boolean available) {
    client.send(new Event.Status(available));
  }

  /** All that was handed to the client's outlet is written. */
  public void onClear() {
    subscriptions.onClear();
  }

  /** This instance is going away: tells the client when to come back, and from where on. */
  public void drain(Duration reconnectAfter) {
    client.send(new Event.Draining(reconnectAfter, subscriptions.standings()));
  }

  /** How many publishes have not been answered yet. */
  public int publishesInFlight() {
    return publications.inFlight();
  }

  /** Ends the conversation with a close frame. */
  public void end(CloseCode code, String reason) {
    client.close(code, reason);
  }

  /** The connection is gone. */
  public void close() {
    subscriptions.close();
    publications.close();
  }

  private void refuseForNow(@Nullable CommandId id, String field, String what) {
    refuse(id, Failure.of(ErrorCode.INVALID, what + " is not supported yet.", field));
  }

  private void refuse(@Nullable CommandId id, Failure failure) {
    client.send(new Event.Refused(id, failure));
  }
}
