package io.sluice.wire;

import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import io.sluice.protocol.CommandId;
import io.sluice.protocol.StartingPoint;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The option {@code from} of {@code subscribe} (PROTOCOL §3). */
final class StartingPoints {
  private static final Set<String> AT_FIELDS = Set.of("positions", "topicIds");
  private static final Set<String> TAIL_FIELDS = Set.of("tail");
  private static final Set<String> TIMESTAMP_FIELDS = Set.of("timestamp");
  private static final int MAX_TOPIC_ID_LENGTH = 64;

  /**
   * Partitions, and topics, that one command may name: all of them are looked up. A glob of a
   * thousand topics with ten partitions each can be resumed.
   */
  static final int MAX_POSITIONS = 10_000;

  private StartingPoints() {}

  /** Reads {@code from} out of a subscribe command; {@code null} where it is not there. */
  static @Nullable StartingPoint read(Fields subscribe) throws InvalidCommand {
    if (!subscribe.has("from")) {
      return null;
    }
    if (subscribe.isText("from")) {
      return switch (subscribe.requiredString("from")) {
        case "latest" -> new StartingPoint.Latest();
        case "earliest" -> new StartingPoint.Earliest();
        default -> throw wrong(subscribe);
      };
    }
    if (!subscribe.isObject("from")) {
      throw wrong(subscribe);
    }
    Fields from = subscribe.object("from");
    if (from.has("tail")) {
      from.allowOnly(TAIL_FIELDS);
      return new StartingPoint.Tail(from.requiredInteger("tail", 1, CommandId.MAX_NUMBER));
    }
    if (from.has("timestamp")) {
      from.allowOnly(TIMESTAMP_FIELDS);
      return new StartingPoint.Timestamp(timestamp(from));
    }
    from.allowOnly(AT_FIELDS);
    return new StartingPoint.At(positions(from), topicIds(from));
  }

  private static InvalidCommand wrong(Fields subscribe) {
    return subscribe.wrong(
        "from",
        "must be \"latest\", \"earliest\", {\"tail\":n}, {\"timestamp\":t} or {\"positions\":{topic:{partition:offset}},\"topicIds\":{topic:id}}.");
  }

  /** Milliseconds since the epoch, or a time in ISO 8601 with its offset. */
  private static long timestamp(Fields from) throws InvalidCommand {
    if (from.isInteger("timestamp")) {
      return from.requiredInteger("timestamp", 0, CommandId.MAX_NUMBER);
    }
    long millis = from.isText("timestamp") ? IsoTime.millis(from.requiredString("timestamp")) : -1;
    if (millis < 0) {
      throw from.wrong("timestamp", IsoTime.RULE);
    }
    return millis;
  }

  private static Positions positions(Fields from) throws InvalidCommand {
    Map<Partition, Long> positions = new HashMap<>();
    Fields topics = topics(from, "positions");
    for (String topic : topics.names()) {
      Fields partitions = topics.numberedObject(topic);
      if (positions.size() + partitions.names().size() > MAX_POSITIONS) {
        throw from.wrong("positions", "must name at most " + MAX_POSITIONS + " partitions.");
      }
      for (String number : partitions.names()) {
        long offset = partitions.requiredInteger(number, 0, Long.MAX_VALUE);
        positions.put(new Partition(topic, partitionNumber(partitions, number)), offset);
      }
    }
    return new Positions(positions);
  }

  /** The object {@code name}, whose fields are named by topics. */
  private static Fields topics(Fields from, String name) throws InvalidCommand {
    Fields topics = from.object(name);
    if (topics.names().size() > MAX_POSITIONS) {
      throw from.wrong(name, "must name at most " + MAX_POSITIONS + " topics.");
    }
    for (String topic : topics.names()) {
      if (topic.length() > Topic.MAX_NAME_LENGTH) {
        throw topics.wrong(
            topic,
            "must be the name of a topic: at most " + Topic.MAX_NAME_LENGTH + " characters.");
      }
    }
    return topics;
  }

  private static int partitionNumber(Fields partitions, String number) throws InvalidCommand {
    boolean canonical =
        !number.isEmpty()
            && number.length() <= 9
            && (number.equals("0") || number.charAt(0) != '0');
    for (int i = 0; canonical && i < number.length(); i++) {
      canonical = number.charAt(i) >= '0' && number.charAt(i) <= '9';
    }
    if (!canonical) {
      throw partitions.wrong(number, "must be named by a partition's number, 0 or more.");
    }
    return Integer.parseInt(number);
  }

  private static Map<String, TopicId> topicIds(Fields from) throws InvalidCommand {
    if (!from.has("topicIds")) {
      return Map.of();
    }
    Fields fields = topics(from, "topicIds");
    Map<String, TopicId> ids = new HashMap<>();
    for (String topic : fields.names()) {
      String id = fields.requiredString(topic);
      if (id.length() > MAX_TOPIC_ID_LENGTH) {
        throw fields.wrong(topic, "must be a topic id as `subscribed` gave it.");
      }
      ids.put(topic, new TopicId(id));
    }
    return ids;
  }
}
