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
        open(out, "unsubscribed", unsubscribed.id());
        out.number("subscription", unsubscribed.subscription());
      }
      case Event.Published published -> published(out, published);
      case Event.Pong pong -> open(out, "pong", pong.id());
      case Event.Live live -> open(out, "live", live.subscription());
      case Event.Missing missing -> {
        gap(out, missing.subscription(), missing.gap());
        return;
      }
      case Event.Scanned scanned -> {
        open(out, "position", scanned.subscription());
        positions(out, scanned.positions());
      }
      case Event.Described described -> described(out, described);
      case Event.Ended ended -> {
        open(out, "ended", ended.subscription());
        failure(out, ended.failure());
        positions(out, ended.positions());
      }
      case Event.Status status -> {
        open(out, "status", null);
        out.text("kafka", status.kafkaAvailable() ? "available" : "unavailable");
      }
      case Event.Draining draining -> draining(out, draining);
      case Event.Refused refused -> {
        open(out, "error", refused.id());
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
    open(out, "gap", subscription);
    out.text("topic", gap.partition().topic());
    out.number("partition", gap.partition().number());
    out.number("from", gap.from());
    out.name("to");
    if (gap.to() == Gap.UNKNOWN) {
      out.nothing();
    } else {
      out.number(gap.to());
    }
    out.text("reason", gap.reason().code());
    if (gap.size() != Gap.UNKNOWN) {
      out.number("size", gap.size());
    }
    out.end();
  }

  private static void welcome(MessageWriter out, Event.Welcome welcome) {
    open(out, "welcome", null);
    out.text("protocol", "sluice.v1");
    out.text("connection", welcome.connection());
    out.text("instance", welcome.instance());
    out.name("limits");
    out.object();
    out.number("maxMessageBytes", welcome.limits().maxMessageBytes());
    out.number("maxRecordBytes", welcome.limits().maxRecordBytes());
    out.number("maxSubscriptions", welcome.limits().maxSubscriptions());
    out.end();
    out.number("heartbeatMs", welcome.heartbeat().toMillis());
  }

  private static void subscribed(MessageWriter out, Event.Subscribed subscribed) {
    open(out, "subscribed", subscribed.id());
    out.number("subscription", subscribed.subscription());
    out.text("channel", subscribed.channel());
    positions(out, subscribed.positions());
    out.name("topicIds");
    out.object();
    for (Map.Entry<String, TopicId> entry : subscribed.topicIds().entrySet()) {
      out.key(entry.getKey());
      out.text(entry.getValue().value());
    }
    out.end();
  }

  private static void published(MessageWriter out, Event.Published published) {
    open(out, "published", published.id());
    out.name("records");
    out.array();
    for (Result result : published.records()) {
      out.object();
      switch (result) {
        case Result.Stored(var at) -> {
          out.text("topic", at.partition().topic());
          out.number("partition", at.partition().number());
          out.number("offset", at.offset());
          out.number("timestamp", at.timestamp());
        }
        case Result.Refused(Failure failure) -> {
          out.name("error");
          out.object();
          out.text("code", failure.code().word());
          out.text("message", failure.message());
          out.end();
        }
      }
      out.end();
    }
    out.end();
  }

  private static void described(MessageWriter out, Event.Described described) {
    open(out, "described", described.id());
    out.name("channels");
    out.array();
    for (Event.Channel channel : described.channels()) {
      out.object();
      out.text("channel", channel.channel());
      texts(out, "topics", channel.topics());
      out.number("partitions", channel.partitions());
      out.flag("subscribe", channel.subscribe());
      out.flag("publish", channel.publish());
      texts(out, "modes", channel.modes());
      out.end();
    }
    out.end();
    out.flag("truncated", described.truncated());
  }

  private static void texts(MessageWriter out, String name, List<String> values) {
    out.name(name);
    out.array();
    values.forEach(out::text);
    out.end();
  }

  private static void draining(MessageWriter out, Event.Draining draining) {
    open(out, "draining", null);
    out.number("reconnectAfterMs", draining.reconnectAfter().toMillis());
    out.name("subscriptions");
    out.array();
    for (Event.Standing standing : draining.subscriptions()) {
      out.object();
      out.number("subscription", standing.subscription());
      positions(out, standing.positions());
      out.end();
    }
    out.end();
  }

  /** Writes the members of an error. */
  static void failure(MessageWriter out, Failure failure) {
    out.text("code", failure.code().word());
    out.text("message", failure.message());
    if (failure.field() != null) {
      out.text("field", failure.field());
    }
    switch (failure.detail()) {
      case null -> {}
      case Failure.Detail.Existing(long subscription) -> out.number("subscription", subscription);
      case Failure.Detail.Range range -> {
        out.text("topic", range.topic());
        out.number("partition", range.partition());
        out.number("oldest", range.oldest());
        out.number("head", range.head());
      }
    }
  }

  /** Writes {@code {topic:{partition:offset}}}. */
  private static void positions(MessageWriter out, Positions positions) {
    out.name("positions");
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

  private static void open(MessageWriter out, String type, @Nullable CommandId id) {
    out.object();
    out.text("type", type);
    switch (id) {
      case null -> {}
      case CommandId.Text(String text) -> out.text("id", text);
      case CommandId.Number(long number) -> out.number("id", number);
    }
  }

  private static void open(MessageWriter out, String type, long subscription) {
    open(out, type, null);
    out.number("subscription", subscription);
  }
}
