package io.sluice.session;

import io.sluice.log.Gap;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.TopicId;
import io.sluice.protocol.Command;
import io.sluice.protocol.CommandId;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Event;
import io.sluice.protocol.Failure;
import io.sluice.protocol.StartingPoint;
import io.sluice.protocol.SubscribeOptions;
import io.sluice.protocol.ValueForm;
import io.sluice.relay.Ending;
import io.sluice.relay.FeedForm;
import io.sluice.relay.Flow;
import io.sluice.relay.From;
import io.sluice.relay.Overflow;
import io.sluice.relay.Refusal;
import io.sluice.relay.Selection;
import io.sluice.relay.SocketCursors;
import io.sluice.relay.SubscribeRequest;
import io.sluice.relay.Subscriber;
import io.sluice.relay.SubscriptionListener;
import io.sluice.relay.Topics;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The subscriptions of one client, those that are being made included. Event-loop thread only. */
final class Subscriptions {
  private final Client client;
  private final SocketCursors cursors;
  private final int limit;
  private int requested;

  Subscriptions(Client client, SocketCursors cursors, int limit) {
    this.client = client;
    this.cursors = cursors;
    this.limit = limit;
  }

  /**
   * Starts to read {@code selection}; the relay answers later.
   *
   * @param maxRecordBytes the largest record; the relay's own limit counts where it is lower
   */
  void begin(Command.Subscribe subscribe, Selection selection, int maxRecordBytes) {
    Failure failure = refusal(subscribe, selection.topics());
    if (failure != null) {
      refuse(subscribe.id(), failure);
      return;
    }
    requested++;
    SubscribeOptions options = subscribe.options();
    cursors.subscribe(
        new SubscribeRequest(
            selection,
            form(options).limitedTo(maxRecordBytes),
            from(options.from()),
            overflow(options.overflow()),
            flow(options)),
        new Conversation(subscribe));
  }

  private @Nullable Failure refusal(Command.Subscribe subscribe, Topics topics) {
    if (cursors.size() + requested >= limit) {
      return Failure.of(
          ErrorCode.TOO_MANY,
          "A connection has at most "
              + limit
              + " subscriptions: sluice.session.max-subscriptions.");
    }
    SubscribeOptions options = subscribe.options();
    if (options.fields() != null
        && FeedForm.wrongPath(options.fields())
            instanceof FeedForm.WrongPath(var index, var what)) {
      String field = "fields[" + index + "]";
      return Failure.of(ErrorCode.INVALID, "The field " + field + " " + what, field);
    }
    if (options.from() instanceof StartingPoint.At at) {
      String asked = "";
      for (Partition partition : at.positions().byPartition().keySet()) { // by topics
        if (partition.topic().equals(asked)) {
          continue;
        }
        asked = partition.topic();
        if (!topics.include(asked)) {
          return Failure.of(
              ErrorCode.INVALID,
              "The positions name the topic " + asked + "; this channel reads " + topics + ".",
              "from.positions");
        }
      }
    }
    return null;
  }

  /** Ends a subscription at the client's wish. */
  void end(@Nullable CommandId id, long number) {
    Subscriber subscriber = cursors.subscriber(number);
    if (subscriber == null) {
      refuseUnknown(id, number);
      return;
    }
    subscriber.close();
    client.send(new Event.Unsubscribed(id, number));
  }

  /** Lets a subscription have more records; says something only where that cannot be. */
  void grant(Command.Credit credit) {
    Subscriber subscriber = cursors.subscriber(credit.subscription());
    if (subscriber == null) {
      refuseUnknown(credit.id(), credit.subscription());
    } else if (!subscriber.grant(credit.records())) {
      refuse(
          credit.id(),
          Failure.of(
              ErrorCode.INVALID,
              "The subscription "
                  + credit.subscription()
                  + " was made without credit: it gets records as its socket takes them.",
              "subscription"));
    }
  }

  private void refuseUnknown(@Nullable CommandId id, long number) {
    refuse(
        id,
        Failure.of(
            ErrorCode.UNKNOWN_SUBSCRIPTION,
            "This connection has no subscription " + number + ".",
            "subscription"));
  }

  private void refuse(@Nullable CommandId id, Failure failure) {
    client.send(new Event.Refused(id, failure));
  }

  /** Where one of them stands; nowhere where there is no such subscription. */
  Positions positions(long number) {
    Subscriber subscriber = cursors.subscriber(number);
    return subscriber == null ? Positions.NONE : subscriber.positions();
  }

  /** Where all of them stand. */
  List<Event.Standing> standings() {
    return cursors.subscribers().stream()
        .map(each -> new Event.Standing(each.number(), each.positions()))
        .toList();
  }

  void onClear() {
    cursors.onClear();
  }

  void close() {
    cursors.close();
  }

  /** Tells the client what becomes of one subscribe command. */
  private final class Conversation implements SubscriptionListener {
    /** What is to be answered; null once it is, for most of a subscription's life comes after. */
    private Command.@Nullable Subscribe asked;

    private long number;

    Conversation(Command.Subscribe asked) {
      this.asked = asked;
    }

    private Command.Subscribe answered() {
      Command.Subscribe command = asked;
      if (command == null) {
        throw new IllegalStateException("A subscribe command was answered twice.");
      }
      asked = null;
      requested--;
      return command;
    }

    @Override
    public void onSubscribed(
        Subscriber subscriber, Positions positions, Map<String, TopicId> topicIds) {
      Command.Subscribe command = answered();
      number = subscriber.number();
      client.send(
          new Event.Subscribed(command.id(), number, command.channel(), positions, topicIds));
    }

    @Override
    public void onDuplicate(long existing) {
      refuse(
          answered().id(),
          new Failure(
              ErrorCode.DUPLICATE_SUBSCRIPTION,
              "This connection has a subscription of the same meaning.",
              null,
              new Failure.Detail.Existing(existing)));
    }

    @Override
    public void onRefused(Refusal refusal) {
      Failure failure =
          switch (refusal) {
            case Refusal.Log(var cause) -> Failures.of(cause);
            case Refusal.TooManyTopics(int max) -> tooManyTopics(max);
            case Refusal.TooManyFeeds(int max) ->
                Failure.of(
                    ErrorCode.TOO_MANY,
                    "This instance serves at most "
                        + max
                        + " different subscriptions: sluice.relay.max-feeds.");
          };
      refuse(answered().id(), failure);
    }

    @Override
    public void onLive() {
      client.send(new Event.Live(number));
    }

    @Override
    public void onGap(Gap gap) {
      client.send(new Event.Missing(number, gap));
    }

    @Override
    public void onScanned(Positions positions) {
      client.send(new Event.Scanned(number, positions));
    }

    @Override
    public void onEnded(Ending ending, Positions positions) {
      Failure failure =
          switch (ending) {
            case Ending.Slow() ->
                Failure.of(
                    ErrorCode.SLOW,
                    "This subscriber fell out of the retained window and had asked to end then.");
            case Ending.TooManyTopics(int max) -> tooManyTopics(max);
            case Ending.Log(var cause) -> Failures.of(cause);
          };
      client.send(new Event.Ended(number, failure, positions));
    }
  }

  private static Failure tooManyTopics(int max) {
    return Failure.of(
        ErrorCode.TOO_MANY,
        "A glob may match at most " + max + " topics: sluice.relay.max-topics-per-glob.",
        "channel");
  }

  /** Forms of values, and fields, are for formats that can show them; a channel's defaults too. */
  private FeedForm form(SubscribeOptions options) {
    return switch (client.format()) {
      case JSON, EVENT_STREAM -> form(valueForm(options.value()), options.fields());
      case CBOR -> form(io.sluice.relay.ValueForm.AUTO, options.fields());
      case RAW -> form(io.sluice.relay.ValueForm.AUTO, null);
    };
  }

  private FeedForm form(io.sluice.relay.ValueForm value, @Nullable List<String> fields) {
    FeedForm form = new FeedForm(client.format(), value);
    return fields == null ? form : form.keeping(fields);
  }

  private static io.sluice.relay.ValueForm valueForm(@Nullable ValueForm form) {
    return switch (form) {
      case null -> io.sluice.relay.ValueForm.AUTO;
      case AUTO, JSON -> io.sluice.relay.ValueForm.AUTO;
      case TEXT -> io.sluice.relay.ValueForm.TEXT;
      case BASE64 -> io.sluice.relay.ValueForm.BASE64;
    };
  }

  private static From from(@Nullable StartingPoint from) {
    return switch (from) {
      case null -> new From.Latest();
      case StartingPoint.Latest() -> new From.Latest();
      case StartingPoint.Earliest() -> new From.Earliest();
      case StartingPoint.Tail(long records) -> new From.Tail(records);
      case StartingPoint.Timestamp(long timestamp) -> new From.Timestamp(timestamp);
      case StartingPoint.At(Positions positions, Map<String, TopicId> topicIds) ->
          new From.At(positions, topicIds);
    };
  }

  private static Flow flow(SubscribeOptions options) {
    Long credit = options.credit();
    Double maxRate = options.maxRate();
    return new Flow(
        credit == null ? OptionalLong.empty() : OptionalLong.of(credit),
        maxRate == null ? OptionalDouble.empty() : OptionalDouble.of(maxRate));
  }

  private static Overflow overflow(io.sluice.protocol.@Nullable Overflow overflow) {
    return switch (overflow) {
      case null -> Overflow.REPLAY;
      case REPLAY -> Overflow.REPLAY;
      case SKIP -> Overflow.SKIP;
      case END -> Overflow.END;
    };
  }
}
