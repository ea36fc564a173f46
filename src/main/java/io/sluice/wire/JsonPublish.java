package io.sluice.wire;

import io.sluice.log.Header;
import io.sluice.protocol.Command;
import io.sluice.protocol.Command.NewRecord;
import io.sluice.protocol.CommandId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The command {@code publish} (PROTOCOL §4). */
final class JsonPublish {
  /**
   * A command is read in one go, and the event loop serves nobody else meanwhile: this many take a
   * few milliseconds.
   */
  static final int MAX_RECORDS = 10_000;

  /** More headers than any tool shows; each costs whoever reads the record later. */
  static final int MAX_HEADERS = 256;

  private static final Set<String> RECORD_FIELDS =
      Set.of("key", "headers", "value", "valueType", "partition", "timestamp");
  private static final Set<String> SINGLE_FIELDS =
      Set.of(
          "type",
          "id",
          "channel",
          "key",
          "headers",
          "value",
          "valueType",
          "partition",
          "timestamp");
  private static final Set<String> SEVERAL_FIELDS = Set.of("type", "id", "channel", "records");
  private static final Set<String> BASE64_FIELDS = Set.of("base64");

  private JsonPublish() {}

  static Command.Publish read(JsonFields fields, @Nullable CommandId id) throws InvalidCommand {
    if (fields.has("atomic")) {
      throw JsonCommands.notYet("atomic", "The option atomic");
    }
    refuseMessageId(fields);
    String channel = fields.requiredString("channel");
    if (!fields.has("records")) {
      fields.allowOnly(SINGLE_FIELDS);
      return new Command.Publish(id, channel, List.of(record(fields)), true);
    }
    fields.allowOnly(SEVERAL_FIELDS);
    List<NewRecord> records = new ArrayList<>();
    for (JsonFields record : fields.objects("records", MAX_RECORDS)) {
      refuseMessageId(record);
      record.allowOnly(RECORD_FIELDS);
      records.add(record(record));
    }
    if (records.isEmpty()) {
      throw fields.wrong("records", "must hold at least one record.");
    }
    return new Command.Publish(id, channel, records, false);
  }

  private static void refuseMessageId(JsonFields record) throws InvalidCommand {
    if (record.has("messageId")) {
      throw JsonCommands.notYet(record.pathOf("messageId"), "The option messageId");
    }
  }

  private static NewRecord record(JsonFields record) throws InvalidCommand {
    Long partition = record.integer("partition", 0, Integer.MAX_VALUE);
    return new NewRecord(
        record.has("key") ? bytes(record, "key") : null,
        headers(record),
        value(record),
        partition == null ? null : partition.intValue(),
        record.integer("timestamp", 0, CommandId.MAX_NUMBER));
  }

  private static byte @Nullable [] value(JsonFields record) throws InvalidCommand {
    if (!record.has("value")) {
      throw record.wrong("value", "is required; null is a tombstone.");
    }
    String type = record.string("valueType");
    if (type == null || type.equals("json")) {
      return type == null && record.isNull("value") ? null : json(record);
    }
    return switch (type) {
      case "text" -> record.requiredString("value").getBytes(StandardCharsets.UTF_8);
      case "base64" -> base64(record, "value");
      default -> throw record.wrong("valueType", "must be json, text or base64.");
    };
  }

  private static byte[] json(JsonFields record) throws InvalidCommand {
    byte[] bytes = record.bytes("value");
    if (!JsonText.isJson(bytes, 0, bytes.length)) {
      // Valid for a parser, but nobody could be given it back as JSON.
      throw record.wrong(
          "value",
          "must be JSON of at most "
              + JsonText.MAX_DEPTH
              + " levels, with numbers of at most "
              + JsonText.MAX_NUMBER_LENGTH
              + " characters and no escape of a lone surrogate.");
    }
    return bytes;
  }

  private static List<Header> headers(JsonFields record) throws InvalidCommand {
    if (!record.has("headers")) {
      return List.of();
    }
    JsonFields fields = record.object("headers");
    List<Header> headers = new ArrayList<>();
    for (String name : fields.names()) {
      if (fields.isArray(name)) {
        JsonFields values = fields.array(name);
        for (String index : values.names()) {
          headers.add(header(name, bytes(values, index)));
        }
      } else {
        headers.add(header(name, bytes(fields, name)));
      }
    }
    if (headers.size() > MAX_HEADERS) {
      throw record.wrong("headers", "must hold at most " + MAX_HEADERS + " headers.");
    }
    return headers;
  }

  private static Header header(String name, byte @Nullable [] value) {
    return new Header(name, value == null ? null : ByteBuffer.wrap(value));
  }

  /** The bytes of a key or header: a string, {@code {"base64":"…"}} or {@code null}. */
  static byte @Nullable [] bytes(JsonFields fields, String name) throws InvalidCommand {
    if (fields.isNull(name)) {
      return null;
    }
    if (fields.isString(name)) {
      return fields.requiredString(name).getBytes(StandardCharsets.UTF_8);
    }
    if (!fields.isObject(name)) {
      throw fields.wrong(name, "must be a string, {\"base64\":\"…\"} or null.");
    }
    JsonFields encoded = fields.object(name);
    encoded.allowOnly(BASE64_FIELDS);
    return base64(encoded, "base64");
  }

  private static byte[] base64(JsonFields fields, String name) throws InvalidCommand {
    String text = fields.requiredString(name);
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw fields.wrong(name, "must be base64 (RFC 4648 §4).");
    }
  }
}
