package io.sluice.session;

import io.sluice.channel.Channel;
import io.sluice.channel.ChannelRules;
import io.sluice.channel.Channels;
import io.sluice.log.Availability;
import io.sluice.log.Catalog;
import io.sluice.log.Positions;
import io.sluice.log.Publisher;
import io.sluice.protocol.ClientMessage;
import io.sluice.protocol.CloseCode;
import io.sluice.protocol.Command;
import io.sluice.protocol.CommandId;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Event;
import io.sluice.protocol.Failure;
import io.sluice.protocol.SubscribeOptions;
import io.sluice.relay.LoopRelay;
import io.sluice.relay.Selection;
import io.sluice.relay.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One client's conversation: takes its commands one by one and answers each. Event-loop thread
 * only.
 *
 * <p>Order of calls: any but {@link #close}, which is the last and after which nothing is sent.
 */
public final class Session {
  private final Client client;
  private final Services services;
  private final Subscriptions subscriptions;

  /** Null until something is published: most clients only read. */
  private @Nullable Publications publications;

  /** Null until something is asked about channels. */
  private @Nullable Descriptions descriptions;

  /**
   * What all sessions of one gateway use.
   *
   * @param instance the random name of this gateway process
   */
  public record Services(
      String instance,
      SessionLimits limits,
      Channels channels,
      Publisher publisher,
      Catalog catalog,
      Availability availability) {}

  /**
   * @param relay the relay of the client's event loop
   */
  public Session(Client client, LoopRelay relay, Services services) {
    this.client = client;
    this.services = services;
    // Without a principal each connection is its own owner: nobody's replay waits behind another's.
    this.subscriptions =
        new Subscriptions(
            client,
            relay.open(client.outlet(), client.connection()),
            services.limits().maxSubscriptions());
  }

  /** Greets the client, where its protocol has a greeting. */
  public void open() {
    SessionLimits limits = services.limits();
    client.send(
        new Event.Welcome(
            client.connection(), services.instance(), limits.told(), limits.heartbeat()));
    if (!services.availability().isAvailable()) {
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
      case Command.Credit credit -> subscriptions.grant(credit);
      case Command.Describe describe -> descriptions().describe(describe);
      case Command.Ping ping -> client.send(new Event.Pong(ping.id()));
      case ClientMessage.Malformed malformed ->
          refuse(
              malformed.id(),
              new Failure(ErrorCode.INVALID, malformed.message(), malformed.field(), null));
    }
  }

  private void onSubscribe(Command.Subscribe subscribe) {
    switch (services.channels().resolve(subscribe.channel())) {
      case Channels.Resolution.Found(Channel channel) -> {
        Failure failure = Permission.toSubscribe(subscribe, channel, client.format());
        if (failure == null) {
          subscribe(subscribe, channel);
        } else {
          refuse(subscribe.id(), failure);
        }
      }
      case Channels.Resolution.Unknown(String reason) ->
          refuse(subscribe.id(), Failure.of(ErrorCode.UNKNOWN_CHANNEL, reason, "channel"));
      case Channels.Resolution.Pattern glob -> subscribe(subscribe, glob);
      case Channels.Resolution.Invalid(String reason) ->
          refuse(subscribe.id(), Failure.of(ErrorCode.INVALID, reason, "channel"));
    }
  }

  private void subscribe(Command.Subscribe subscribe, Channel channel) {
    ChannelRules rules = channel.rules();
    SubscribeOptions options = subscribe.options().orElse(rules.defaults());
    subscriptions.begin(
        new Command.Subscribe(subscribe.id(), subscribe.channel(), options),
        new Selection(
            new Topics.Named(channel.topics()),
            channel.key() == null ? options.key() : channel.key(),
            rules.keyPartitioned(),
            rules.isolation()),
        rules.maxRecordBytes());
  }

  /** A glob is for whole topics of committed records, by channels and by their own names. */
  private void subscribe(Command.Subscribe subscribe, Channels.Resolution.Pattern glob) {
    List<Channel> readable =
        glob.channels().stream()
            .filter(channel -> Permission.isOfGlobs(channel, client.format()))
            .toList();
    Set<String> topics =
        readable.stream().flatMap(channel -> channel.topics().stream()).collect(Collectors.toSet());
    if (topics.isEmpty() && !services.channels().isByTopic()) {
      refuse(subscribe.id(), Failures.unknownChannel());
    } else {
      subscriptions.begin(
          subscribe,
          new Selection(
              new Topics.Matching(glob.pattern(), topics, glob.others()),
              subscribe.options().key(),
              false),
          readable.stream()
              .mapToInt(channel -> channel.rules().maxRecordBytes())
              .min()
              .orElse(Integer.MAX_VALUE));
    }
  }

  private void onPublish(Command.Publish publish) {
    if (publications != null && publications.publishAgain(publish)) {
      return;
    }
    switch (services.channels().resolve(publish.channel())) {
      case Channels.Resolution.Found(Channel channel) -> {
        Failure failure = Permission.toPublish(channel, client.format());
        if (failure == null) {
          publications().publish(publish, channel);
        } else {
          refuse(publish.id(), failure);
        }
      }
      case Channels.Resolution.Unknown(String reason) ->
          refuse(publish.id(), Failure.of(ErrorCode.UNKNOWN_CHANNEL, reason, "channel"));
      case Channels.Resolution.Pattern _, Channels.Resolution.Invalid _ ->
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

  /**
   * The next offset to read of each partition of a subscription, also from within {@link
   * io.sluice.relay.Outlet#write}: then they are those behind what is written. None where there is
   * no such subscription.
   */
  public Positions positions(long subscription) {
    return subscriptions.positions(subscription);
  }

  /** How many publishes have not been answered yet. */
  public int publishesInFlight() {
    return publications == null ? 0 : publications.inFlight();
  }

  /** Ends the conversation with a close frame. */
  public void end(CloseCode code, String reason) {
    client.close(code, reason);
  }

  /** The connection is gone. */
  public void close() {
    subscriptions.close();
    if (publications != null) {
      publications.close();
    }
    if (descriptions != null) {
      descriptions.close();
    }
  }

  private Publications publications() {
    if (publications == null) {
      publications = new Publications(client, services.publisher(), services.limits());
    }
    return publications;
  }

  private Descriptions descriptions() {
    if (descriptions == null) {
      descriptions =
          new Descriptions(
              client,
              services.channels(),
              services.catalog(),
              services.limits().maxOutboundMessageBytes());
    }
    return descriptions;
  }

  private void refuse(@Nullable CommandId id, Failure failure) {
    client.send(new Event.Refused(id, failure));
  }
}
