package io.sluice.wire;

import io.sluice.log.Gap;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.TopicId;
import io.sluice.protocol.CommandId;
import io.sluice.protocol.Event;
import io.sluice.protocol.Event.Result;
import io.sluice.protocol.Failure;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What events say to clients (PROTOCOL §2), in whichever format. Stateless: any thread. */
final class Events {
  private Events() {}

  /** Writes {@code event} as one message. */
  static void write(Event event, MessageWriter out) {
    switch (event) {
      case Event.Welcome welcome -> welcome(out, welcome);
      case Event.Subscribed subscribed -> subscribed(out, subscribed);
      case Event.Unsubscribed unsubscribed -> {
        open(out, Term.UNSUBSCRIBED, unsubscribed.id());
        out.number(Term.SUBSCRIPTION, unsubscribed.subscription());
      }
      case Event.Published published -> published(out, published);
      case Event.Pong pong -> open(out, Term.PONG, pong.id());
      case Event.Live live -> open(out, Term.LIVE, live.subscription());
      case Event.Missing missing -> {
        gap(out, missing.subscription(), missing.gap());
        return;
      }
      case Event.Scanned scanned -> {
        open(out, Term.POSITION, scanned.subscription());
        positions(out, scanned.positions());
      }
      case Event.Described described -> described(out, described);
      case Event.Ended ended -> {
        open(out, Term.ENDED, ended.subscription());
        failure(out, ended.failure());
        positions(out, ended.positions());
      }
      case Event.Status status -> {
        open(out, Term.STATUS, null);
        out.text(Term.KAFKA, status.kafkaAvailable() ? "available" : "unavailable");
      }
      case Event.Draining draining -> draining(out, draining);
      case Event.Refused refused -> {
        open(out, Term.ERROR, refused.id());
        failure(out, refused.failure());
      }
    }
    out.end();
  }

  /**
   * Writes a {@code gap} message: the relay encodes those of a feed once for all, the session those
   * of one client.
   */
  static void gap(MessageWriter out, long subscription, Gap gap) {
    open(out, Term.GAP, subscription);
    out.text(Term.TOPIC, gap.partition().topic());
    out.number(Term.PARTITION, gap.partition().number());
    out.number(Term.FROM, gap.from());
    out.name(Term.TO);
    if (gap.to() == Gap.UNKNOWN) {
      out.nothing();
    } else {
      out.number(gap.to());
    }
    out.text(Term.REASON, gap.reason().code());
    if (gap.size() != Gap.UNKNOWN) {
      out.number(Term.SIZE, gap.size());
    }
    out.end();
  }

  private static void welcome(MessageWriter out, Event.Welcome welcome) {
    open(out, Term.WELCOME, null);
    out.text(Term.PROTOCOL, "sluice.v1");
    out.text(Term.CONNECTION, welcome.connection());
    out.text(Term.INSTANCE, welcome.instance());
    out.name(Term.LIMITS);
    out.object();
    out.number(Term.MAX_MESSAGE_BYTES, welcome.limits().maxMessageBytes());
    out.number(Term.MAX_RECORD_BYTES, welcome.limits().maxRecordBytes());
    out.number(Term.MAX_SUBSCRIPTIONS, welcome.limits().maxSubscriptions());
    out.end();
    out.number(Term.HEARTBEAT_MS, welcome.heartbeat().toMillis());
  }

  private static void subscribed(MessageWriter out, Event.Subscribed subscribed) {
    open(out, Term.SUBSCRIBED, subscribed.id());
    out.number(Term.SUBSCRIPTION, subscribed.subscription());
    out.text(Term.CHANNEL, subscribed.channel());
    positions(out, subscribed.positions());
    out.name(Term.TOPIC_IDS);
    out.object();
    for (Map.Entry<String, TopicId> entry : subscribed.topicIds().entrySet()) {
      out.key(entry.getKey());
      out.text(entry.getValue().value());
    }
    out.end();
  }

  private static void published(MessageWriter out, Event.Published published) {
    open(out, Term.PUBLISHED, published.id());
    out.name(Term.RECORDS);
    out.array();
    for (Result result : published.records()) {
      out.object();
      switch (result) {
        case Result.Stored(var at) -> {
          out.text(Term.TOPIC, at.partition().topic());
          out.number(Term.PARTITION, at.partition().number());
          out.number(Term.OFFSET, at.offset());
          out.number(Term.TIMESTAMP, at.timestamp());
        }
        case Result.Refused(Failure failure) -> {
          out.name(Term.ERROR);
          out.object();
          out.text(Term.CODE, failure.code().word());
          out.text(Term.MESSAGE, failure.message());
          out.end();
        }
      }
      out.end();
    }
    out.end();
  }

  private static void described(MessageWriter out, Event.Described described) {
    open(out, Term.DESCRIBED, described.id());
    out.name(Term.CHANNELS);
    out.array();
    for (Event.Channel channel : described.channels()) {
      out.object();
      out.text(Term.CHANNEL, channel.channel());
      texts(out, Term.TOPICS, channel.topics());
      out.number(Term.PARTITIONS, channel.partitions());
      out.flag(Term.SUBSCRIBE, channel.subscribe());
      out.flag(Term.PUBLISH, channel.publish());
      texts(out, Term.MODES, channel.modes());
      out.end();
    }
    out.end();
    out.flag(Term.TRUNCATED, described.truncated());
  }

  private static void texts(MessageWriter out, Term name, List<String> values) {
    out.name(name);
    out.array();
    values.forEach(out::text);
    out.end();
  }

  private static void draining(MessageWriter out, Event.Draining draining) {
    open(out, Term.DRAINING, null);
    out.number(Term.RECONNECT_AFTER_MS, draining.reconnectAfter().toMillis());
    out.name(Term.SUBSCRIPTIONS);
    out.array();
    for (Event.Standing standing : draining.subscriptions()) {
      out.object();
      out.number(Term.SUBSCRIPTION, standing.subscription());
      positions(out, standing.positions());
      out.end();
    }
    out.end();
  }

  /** Writes the members of an error. */
  static void failure(MessageWriter out, Failure failure) {
    out.text(Term.CODE, failure.code().word());
    out.text(Term.MESSAGE, failure.message());
    if (failure.field() != null) {
      out.text(Term.FIELD, failure.field());
    }
    switch (failure.detail()) {
      case null -> {}
      case Failure.Detail.Existing(long subscription) ->
          out.number(Term.SUBSCRIPTION, subscription);
      case Failure.Detail.Range range -> {
        out.text(Term.TOPIC, range.topic());
        out.number(Term.PARTITION, range.partition());
        out.number(Term.OLDEST, range.oldest());
        out.number(Term.HEAD, range.head());
      }
    }
  }

  /** Writes {@code {topic:{partition:offset}}}. */
  private static void positions(MessageWriter out, Positions positions) {
    out.name(Term.POSITIONS);
    out.object();
    String topic = null;
    for (Map.Entry<Partition, Long> entry : positions.byPartition().entrySet()) {
      Partition partition = entry.getKey();
      if (!partition.topic().equals(topic)) {
        if (topic != null) {
          out.end();
        }
        topic = partition.topic();
        out.key(topic);
        out.object();
      }
      out.numbered(partition.number());
      out.number(entry.getValue());
    }
    if (topic != null) {
      out.end();
    }
    out.end();
  }

  private static void open(MessageWriter out, Term type, @Nullable CommandId id) {
    out.object();
    out.name(Term.TYPE);
    out.term(type);
    switch (id) {
      case null -> {}
      case CommandId.Text(String text) -> out.text(Term.ID, text);
      case CommandId.Number(long number) -> out.number(Term.ID, number);
    }
  }

  private static void open(MessageWriter out, Term type, long subscription) {
    open(out, type, null);
    out.number(Term.SUBSCRIPTION, subscription);
  }
}
