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
import io.sluice.relay.From;
import io.sluice.relay.Overflow;
import io.sluice.relay.Refusal;
import io.sluice.relay.Selection;
import io.sluice.relay.SocketCursors;
import io.sluice.relay.SubscribeRequest;
import io.sluice.relay.Subscriber;
import io.sluice.relay.SubscriptionListener;
import io.sluice.relay.WireFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The subscriptions of one client, those that are being made included. Event-loop thread only. */
final class Subscriptions {
  private final Client client;
  private final SocketCursors cursors;
  private final int limit;
  private final Map<Long, Subscriber> byNumber = new TreeMap<>();
  private int requested;

  Subscriptions(Client client, SocketCursors cursors, int limit) {
    this.client = client;
    this.cursors = cursors;
    this.limit = limit;
  }

  /** Starts to read {@code topic}; the relay answers later. */
  void begin(Command.Subscribe subscribe, String topic) {
    Failure failure = refusal(subscribe, topic);
    if (failure != null) {
      client.send(new Event.Refused(subscribe.id(), failure));
      return;
    }
    requested++;
    SubscribeOptions options = subscribe.options();
    cursors.subscribe(
        new SubscribeRequest(
            new Selection(topic),
            new FeedForm(WireFormat.JSON, form(options.value())),
            from(options.from()),
            overflow(options.overflow())),
        new Conversation(subscribe));
  }

  private @Nullable Failure refusal(Command.Subscribe subscribe, String topic) {
    if (byNumber.size() + requested >= limit) {
      return Failure.of(
          ErrorCode.TOO_MANY,
          "A connection has at most "
              + limit
              + " subscriptions: sluice.session.max-subscriptions.");
    }
    SubscribeOptions options = subscribe.options();
    String later = later(options);
    if (later != null) {
      return Failure.of(ErrorCode.INVALID, "The option " + later + " is not supported yet.", later);
    }
    if (options.from() instanceof StartingPoint.At at) {
      for (Partition partition : at.positions().byPartition().keySet()) {
        if (!partition.topic().equals(topic)) {
          return Failure.of(
              ErrorCode.INVALID,
              "The positions name the topic "
                  + partition.topic()
                  + "; this channel reads "
                  + topic
                  + ".",
              "from.positions");
        }
      }
    }
    return null;
  }

  private static @Nullable String later(SubscribeOptions options) {
    if (options.key() != null) {
      return "key";
    }
    if (options.fields() != null) {
      return "fields";
    }
    if (options.credit() != null) {
      return "credit";
    }
    if (options.maxRate() != null) {
      return "maxRate";
    }
    return options.from() instanceof StartingPoint.Tail
            || options.from() instanceof StartingPoint.Timestamp
        ? "from"
        : null;
  }

  /** Ends a subscription at the client's wish. */
  void end(@Nullable CommandId id, long number) {
    Subscriber subscriber = byNumber.remove(number);
    if (subscriber == null) {
      client.send(
          new Event.Refused(
              id,
              Failure.of(
                  ErrorCode.UNKNOWN_SUBSCRIPTION,
                  "This connection has no subscription " + number + ".",
                  "subscription")));
      return;
    }
    subscriber.close();
    client.send(new Event.Unsubscribed(id, number));
  }

  /** Where all of them stand. */
  List<Event.Standing> standings() {
    return byNumber.entrySet().stream()
        .map(entry -> new Event.Standing(entry.getKey(), entry.getValue().positions()))
        .toList();
  }

  void onClear() {
    cursors.onClear();
  }

  void close() {
    cursors.close();
    byNumber.clear();
  }

  /** Tells the client what becomes of one subscribe command. */
  private final class Conversation implements SubscriptionListener {
    private final Command.Subscribe command;
    private long number;

    Conversation(Command.Subscribe command) {
      this.command = command;
    }

    @Override
    public void onSubscribed(
        Subscriber subscriber, Positions positions, Map<String, TopicId> topicIds) {
      requested--;
      number = subscriber.number();
      byNumber.put(number, subscriber);
      client.send(
          new Event.Subscribed(command.id(), number, command.channel(), positions, topicIds));
    }

    @Override
    public void onDuplicate(long existing) {
      requested--;
      client.send(
          new Event.Refused(
              command.id(),
              new Failure(
                  ErrorCode.DUPLICATE_SUBSCRIPTION,
                  "This connection has a subscription of the same meaning.",
                  null,
                  new Failure.Detail.Existing(existing))));
    }

    @Override
    public void onRefused(Refusal refusal) {
      requested--;
      Failure failure =
          switch (refusal) {
            case Refusal.Log(var cause) -> Failures.of(cause);
            case Refusal.TooManyFeeds(int max) ->
                Failure.of(
                    ErrorCode.TOO_MANY,
                    "This instance serves at most "
                        + max
                        + " different subscriptions: sluice.relay.max-feeds.");
          };
      client.send(new Event.Refused(command.id(), failure));
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
    public void onEnded(Ending ending, Positions positions) {
      byNumber.remove(number);
      Failure failure =
          switch (ending) {
            case Ending.Slow() ->
                Failure.of(
                    ErrorCode.SLOW,
                    "This subscriber fell out of the retained window and had asked to end then.");
            case Ending.Log(var cause) -> Failures.of(cause);
          };
      client.send(new Event.Ended(number, failure, positions));
    }
  }

  private static io.sluice.relay.ValueForm form(@Nullable ValueForm form) {
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
      case StartingPoint.Tail _, StartingPoint.Timestamp _ ->
          throw new IllegalStateException("A start that was refused: " + from);
      case StartingPoint.Latest() -> new From.Latest();
      case StartingPoint.Earliest() -> new From.Earliest();
      case StartingPoint.At(Positions positions, Map<String, TopicId> topicIds) ->
          new From.At(positions, topicIds);
    };
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
