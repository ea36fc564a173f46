package io.sluice.wire;

import io.netty.buffer.ByteBuf;
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

/** Events to JSON text (PROTOCOL §2). Stateless: any thread. */
public final class JsonEvents {
  private JsonEvents() {}

  /** Writes {@code event} as one JSON object. */
  public static void write(Event event, ByteBuf out) {
    switch (event) {
      case Event.Welcome welcome -> welcome(out, welcome);
      case Event.Subscribed subscribed -> subscribed(out, subscribed);
      case Event.Unsubscribed unsubscribed -> {
        open(out, "unsubscribed", unsubscribed.id());
        field(out, "subscription", unsubscribed.subscription());
      }
      case Event.Published published -> published(out, published);
      case Event.Pong pong -> open(out, "pong", pong.id());
      case Event.Live live -> {
        open(out, "live", null);
        field(out, "subscription", live.subscription());
      }
      case Event.Missing missing -> {
        gap(out, missing.subscription(), missing.gap());
        return;
      }
      case Event.Scanned scanned -> {
        open(out, "position", null);
        field(out, "subscription", scanned.subscription());
        positions(out, scanned.positions());
      }
      case Event.Described described -> described(out, described);
      case Event.Ended ended -> {
        open(out, "ended", null);
        field(out, "subscription", ended.subscription());
        failure(out, ended.failure());
        positions(out, ended.positions());
      }
      case Event.Status status -> {
        open(out, "status", null);
        field(out, "kafka", status.kafkaAvailable() ? "available" : "unavailable");
      }
      case Event.Draining draining -> draining(out, draining);
      case Event.Refused refused -> {
        open(out, "error", refused.id());
        failure(out, refused.failure());
      }
    }
    out.writeByte('}');
  }

  /**
   * Writes a {@code gap} message: the relay encodes those of a feed once for all, the session those
   * of one client.
   */
  static void gap(ByteBuf out, long subscription, Gap gap) {
    open(out, "gap", null);
    field(out, "subscription", subscription);
    field(out, "topic", gap.partition().topic());
    field(out, "partition", gap.partition().number());
    field(out, "from", gap.from());
    if (gap.to() == Gap.UNKNOWN) {
      JsonOut.raw(out, ",\"to\":null");
    } else {
      field(out, "to", gap.to());
    }
    field(out, "reason", gap.reason().code());
    if (gap.size() != Gap.UNKNOWN) {
      field(out, "size", gap.size());
    }
    out.writeByte('}');
  }

  private static void welcome(ByteBuf out, Event.Welcome welcome) {
    open(out, "welcome", null);
    field(out, "protocol", "sluice.v1");
    field(out, "connection", welcome.connection());
    field(out, "instance", welcome.instance());
    JsonOut.raw(out, ",\"limits\":{\"maxMessageBytes\":");
    JsonOut.number(out, welcome.limits().maxMessageBytes());
    field(out, "maxRecordBytes", welcome.limits().maxRecordBytes());
    field(out, "maxSubscriptions", welcome.limits().maxSubscriptions());
    out.writeByte('}');
    field(out, "heartbeatMs", welcome.heartbeat().toMillis());
  }

  private static void subscribed(ByteBuf out, Event.Subscribed subscribed) {
    open(out, "subscribed", subscribed.id());
    field(out, "subscription", subscribed.subscription());
    field(out, "channel", subscribed.channel());
    positions(out, subscribed.positions());
    JsonOut.raw(out, ",\"topicIds\":{");
    boolean first = true;
    for (Map.Entry<String, TopicId> entry : subscribed.topicIds().entrySet()) {
      if (!first) {
        out.writeByte(',');
      }
      first = false;
      JsonOut.string(out, entry.getKey());
      out.writeByte(':');
      JsonOut.string(out, entry.getValue().value());
    }
    out.writeByte('}');
  }

  private static void published(ByteBuf out, Event.Published published) {
    open(out, "published", published.id());
    JsonOut.raw(out, ",\"records\":[");
    List<Result> results = published.records();
    for (int i = 0; i < results.size(); i++) {
      if (i > 0) {
        out.writeByte(',');
      }
      switch (results.get(i)) {
        case Result.Stored(var at) -> {
          JsonOut.raw(out, "{\"topic\":");
          JsonOut.string(out, at.partition().topic());
          field(out, "partition", at.partition().number());
          field(out, "offset", at.offset());
          field(out, "timestamp", at.timestamp());
          out.writeByte('}');
        }
        case Result.Refused(Failure failure) -> {
          JsonOut.raw(out, "{\"error\":{\"code\":");
          JsonOut.string(out, failure.code().word());
          field(out, "message", failure.message());
          out.writeByte('}').writeByte('}');
        }
      }
    }
    out.writeByte(']');
  }

  private static void described(ByteBuf out, Event.Described described) {
    open(out, "described", described.id());
    JsonOut.raw(out, ",\"channels\":[");
    String separator = "{\"channel\":";
    for (Event.Channel channel : described.channels()) {
      JsonOut.raw(out, separator);
      separator = ",{\"channel\":";
      JsonOut.string(out, channel.channel());
      strings(out, "topics", channel.topics());
      field(out, "partitions", channel.partitions());
      field(out, "subscribe", channel.subscribe());
      field(out, "publish", channel.publish());
      strings(out, "modes", channel.modes());
      out.writeByte('}');
    }
    out.writeByte(']');
    field(out, "truncated", described.truncated());
  }

  private static void strings(ByteBuf out, String name, List<String> values) {
    name(out, name);
    char separator = '[';
    for (String value : values) {
      out.writeByte(separator);
      JsonOut.string(out, value);
      separator = ',';
    }
    JsonOut.raw(out, values.isEmpty() ? "[]" : "]");
  }

  private static void draining(ByteBuf out, Event.Draining draining) {
    open(out, "draining", null);
    field(out, "reconnectAfterMs", draining.reconnectAfter().toMillis());
    JsonOut.raw(out, ",\"subscriptions\":[");
    boolean first = true;
    for (Event.Standing standing : draining.subscriptions()) {
      JsonOut.raw(out, first ? "{\"subscription\":" : ",{\"subscription\":");
      first = false;
      JsonOut.number(out, standing.subscription());
      positions(out, standing.positions());
      out.writeByte('}');
    }
    out.writeByte(']');
  }

  private static void failure(ByteBuf out, Failure failure) {
    field(out, "code", failure.code().word());
    field(out, "message", failure.message());
    if (failure.field() != null) {
      field(out, "field", failure.field());
    }
    switch (failure.detail()) {
      case null -> {}
      case Failure.Detail.Existing(long subscription) -> field(out, "subscription", subscription);
      case Failure.Detail.Range range -> {
        field(out, "topic", range.topic());
        field(out, "partition", range.partition());
        field(out, "oldest", range.oldest());
        field(out, "head", range.head());
      }
    }
  }

  /** Writes {@code {topic:{partition:offset}}}. */
  private static void positions(ByteBuf out, Positions positions) {
    JsonOut.raw(out, ",\"positions\":{");
    String topic = null;
    for (Map.Entry<Partition, Long> entry : positions.byPartition().entrySet()) {
      Partition partition = entry.getKey();
      if (partition.topic().equals(topic)) {
        out.writeByte(',');
      } else {
        if (topic != null) {
          out.writeByte('}').writeByte(',');
        }
        topic = partition.topic();
        JsonOut.string(out, topic);
        out.writeByte(':').writeByte('{');
      }
      out.writeByte('"');
      JsonOut.number(out, partition.number());
      out.writeByte('"').writeByte(':');
      JsonOut.number(out, entry.getValue());
    }
    JsonOut.raw(out, topic == null ? "}" : "}}");
  }

  private static void open(ByteBuf out, String type, @Nullable CommandId id) {
    JsonOut.raw(out, "{\"type\":\"");
    JsonOut.raw(out, type);
    out.writeByte('"');
    switch (id) {
      case null -> {}
      case CommandId.Text(String text) -> field(out, "id", text);
      case CommandId.Number(long number) -> field(out, "id", number);
    }
  }

  private static void field(ByteBuf out, String name, String value) {
    name(out, name);
    JsonOut.string(out, value);
  }

  private static void field(ByteBuf out, String name, long value) {
    name(out, name);
    JsonOut.number(out, value);
  }

  private static void field(ByteBuf out, String name, boolean value) {
    name(out, name);
    JsonOut.raw(out, value ? "true" : "false");
  }

  private static void name(ByteBuf out, String name) {
    out.writeByte(',').writeByte('"');
    JsonOut.raw(out, name);
    out.writeByte('"').writeByte(':');
  }
}
