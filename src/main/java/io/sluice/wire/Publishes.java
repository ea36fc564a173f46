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
final class Publishes {
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
  private static final Set<String> RECORDS_FIELDS = Set.of("records");
  private static final Set<String> BASE64_FIELDS = Set.of("base64");

  private Publishes() {}

  static Command.Publish read(Fields fields, @Nullable CommandId id) throws InvalidCommand {
    String channel = fields.requiredString("channel");
    return read(fields, id, channel, SINGLE_FIELDS, SEVERAL_FIELDS);
  }

  /** Reads what is left of the command where its address says the channel. */
  static Command.Publish readTo(String channel, Fields fields) throws InvalidCommand {
    return read(fields, null, channel, RECORD_FIELDS, RECORDS_FIELDS);
  }

  private static Command.Publish read(
      Fields fields,
      @Nullable CommandId id,
      String channel,
      Set<String> ofOne,
      Set<String> ofSeveral)
      throws InvalidCommand {
    if (fields.has("atomic")) {
      throw Commands.notYet("atomic", "The option atomic");
    }
    refuseMessageId(fields);
    if (!fields.has("records")) {
      fields.allowOnly(ofOne);
      return new Command.Publish(id, channel, List.of(record(fields)), true);
    }
    fields.allowOnly(ofSeveral);
    List<NewRecord> records = new ArrayList<>();
    for (Fields record : fields.objects("records", MAX_RECORDS)) {
      refuseMessageId(record);
      record.allowOnly(RECORD_FIELDS);
      records.add(record(record));
    }
    if (records.isEmpty()) {
      throw fields.wrong("records", "must hold at least one record.");
    }
    return new Command.Publish(id, channel, records, false);
  }

  private static void refuseMessageId(Fields record) throws InvalidCommand {
    if (record.has("messageId")) {
      throw Commands.notYet(record.pathOf("messageId"), "The option messageId");
    }
  }

  private static NewRecord record(Fields record) throws InvalidCommand {
    Long partition = record.integer("partition", 0, Integer.MAX_VALUE);
    return new NewRecord(
        record.has("key") ? bytes(record, "key") : null,
        headers(record),
        value(record),
        partition == null ? null : partition.intValue(),
        record.integer("timestamp", 0, CommandId.MAX_NUMBER));
  }

  private static byte @Nullable [] value(Fields record) throws InvalidCommand {
    if (!record.has("value")) {
      throw record.wrong("value", "is required; null is a tombstone.");
    }
    return record.hasByteStrings() ? plainValue(record) : wrappedValue(record);
  }

  /** Where a message has byte strings the value is one, and says by itself what it is. */
  private static byte @Nullable [] plainValue(Fields record) throws InvalidCommand {
    if (record.has("valueType")) {
      throw record.wrong(
          "valueType",
          "belongs to JSON: here a byte string is stored as it is, a text string as its UTF-8.");
    }
    return bytes(record, "value");
  }

  private static byte @Nullable [] wrappedValue(Fields record) throws InvalidCommand {
    String type = record.string("valueType");
    if (type == null || type.equals("json")) {
      boolean isNull = record.kind("value") == Value.Kind.NULL;
      return type == null && isNull ? null : record.json("value");
    }
    return switch (type) {
      case "text" -> record.requiredString("value").getBytes(StandardCharsets.UTF_8);
      case "base64" -> base64(record, "value");
      default -> throw record.wrong("valueType", "must be json, text or base64.");
    };
  }

  private static List<Header> headers(Fields record) throws InvalidCommand {
    if (!record.has("headers")) {
      return List.of();
    }
    Fields fields = record.object("headers");
    List<Header> headers = new ArrayList<>();
    for (String name : fields.names()) {
      if (fields.isArray(name)) {
        Fields values = fields.array(name);
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

  /** The bytes of a key or header; {@code null} where {@code null} stands there. */
  static byte @Nullable [] bytes(Fields fields, String name) throws InvalidCommand {
    Value.Kind kind = fields.kind(name);
    if (kind == Value.Kind.NULL) {
      return null;
    }
    if (kind == Value.Kind.TEXT) {
      return fields.requiredString(name).getBytes(StandardCharsets.UTF_8);
    }
    if (kind == Value.Kind.BYTES) {
      return fields.bytes(name);
    }
    if (kind == Value.Kind.OBJECT && !fields.hasByteStrings()) {
      Fields encoded = fields.object(name);
      encoded.allowOnly(BASE64_FIELDS);
      return base64(encoded, "base64");
    }
    throw fields.wrong(name, "must be " + bytesForms(fields) + " or null.");
  }

  /** How bytes may be written in this message. */
  static String bytesForms(Fields fields) {
    return fields.hasByteStrings()
        ? "a byte string, a text string"
        : "a string, {\"base64\":\"…\"}";
  }

  private static byte[] base64(Fields fields, String name) throws InvalidCommand {
    String text = fields.requiredString(name);
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw fields.wrong(name, "must be base64 (RFC 4648 §4).");
    }
  }
}
