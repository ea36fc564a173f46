package io.sluice.wire;

import io.sluice.log.RecordKey;
import io.sluice.protocol.ClientMessage;
import io.sluice.protocol.Command;
import io.sluice.protocol.CommandId;
import io.sluice.protocol.Overflow;
import io.sluice.protocol.SubscribeOptions;
import io.sluice.protocol.ValueForm;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Messages of clients to commands (PROTOCOL §2), in whichever format they came. Whatever is wrong
 * becomes a {@link ClientMessage.Malformed} that names the field and what is allowed; nothing is
 * thrown. Stateless: any thread.
 */
final class Commands {
  private static final Set<String> LATER_TYPES = Set.of("ack", "authenticate");
  private static final List<String> LATER_OPTIONS =
      List.of("group", "filter", "conflate", "snapshot", "commit");
  private static final Set<String> SUBSCRIBE_FIELDS =
      Set.of(
          "type",
          "id",
          "channel",
          "mode",
          "from",
          "overflow",
          "value",
          "key",
          "fields",
          "credit",
          "maxRate");
  private static final Set<String> UNSUBSCRIBE_FIELDS = Set.of("type", "id", "subscription");
  private static final Set<String> CREDIT_FIELDS = Set.of("type", "id", "subscription", "records");
  private static final Set<String> DESCRIBE_FIELDS = Set.of("type", "id", "channel");
  private static final Set<String> PING_FIELDS = Set.of("type", "id");
  private static final Map<String, Overflow> OVERFLOWS = words(Overflow.values(), Overflow::word);
  private static final Map<String, ValueForm> FORMS = words(ValueForm.values(), ValueForm::word);

  /** Paths in {@code fields}: each is looked for in every value. */
  static final int MAX_FIELDS = 64;

  /** What is said of a longer key, which is looked for in every record. */
  static final String KEY_LIMIT = "must have at most " + SubscribeOptions.MAX_KEY_BYTES + " bytes.";

  private Commands() {}

  /** Reads one message of the client's. */
  static ClientMessage read(MessageFormat format, byte[] message) {
    CommandId id = null;
    try {
      Fields fields = Fields.of(format.message(message));
      id = id(fields);
      return command(fields, id);
    } catch (InvalidCommand invalid) {
      CommandId known = id == null ? idBefore(invalid) : id;
      return new ClientMessage.Malformed(
          known, String.valueOf(invalid.getMessage()), invalid.field());
    }
  }

  /** Reads a publish whose channel is known: the command without type, id and channel. */
  static ClientMessage readPublish(MessageFormat format, String channel, byte[] message) {
    try {
      return Publishes.readTo(channel, Fields.of(format.message(message)));
    } catch (InvalidCommand invalid) {
      return new ClientMessage.Malformed(
          null, String.valueOf(invalid.getMessage()), invalid.field());
    }
  }

  /** The id of a message that went wrong behind it, so that whoever waits for the reply gets it. */
  private static @Nullable CommandId idBefore(InvalidCommand invalid) {
    Fields before = invalid.before();
    try {
      return before == null ? null : id(before);
    } catch (InvalidCommand idIsWrongToo) {
      return null;
    }
  }

  private static @Nullable CommandId id(Fields fields) throws InvalidCommand {
    if (!fields.has("id")) {
      return null;
    }
    if (fields.isInteger("id")) {
      return new CommandId.Number(
          fields.requiredInteger("id", -CommandId.MAX_NUMBER, CommandId.MAX_NUMBER));
    }
    if (fields.isText("id")) {
      String id = fields.requiredString("id");
      if (id.length() <= CommandId.MAX_LENGTH) {
        return new CommandId.Text(id);
      }
    }
    throw fields.wrong(
        "id",
        "must be a string of at most "
            + CommandId.MAX_LENGTH
            + " characters or an integer within ±(2^53 - 1).");
  }

  private static Command command(Fields fields, @Nullable CommandId id) throws InvalidCommand {
    String type = fields.requiredString("type");
    return switch (type) {
      case "subscribe" -> subscribe(fields, id);
      case "unsubscribe" -> {
        fields.allowOnly(UNSUBSCRIBE_FIELDS);
        yield new Command.Unsubscribe(
            id, fields.requiredInteger("subscription", 0, CommandId.MAX_NUMBER));
      }
      case "credit" -> {
        fields.allowOnly(CREDIT_FIELDS);
        yield new Command.Credit(
            id,
            fields.requiredInteger("subscription", 0, CommandId.MAX_NUMBER),
            fields.requiredInteger("records", 1, SubscribeOptions.MAX_CREDIT));
      }
      case "describe" -> {
        fields.allowOnly(DESCRIBE_FIELDS);
        yield new Command.Describe(id, fields.string("channel"));
      }
      case "publish" -> Publishes.read(fields, id);
      case "ping" -> {
        fields.allowOnly(PING_FIELDS);
        yield new Command.Ping(id);
      }
      default ->
          throw LATER_TYPES.contains(type)
              ? notYet("type", "The command " + type)
              : fields.wrong(
                  "type",
                  "names no command; there are subscribe, unsubscribe, credit, publish, describe and ping.");
    };
  }

  private static Command.Subscribe subscribe(Fields fields, @Nullable CommandId id)
      throws InvalidCommand {
    for (String option : LATER_OPTIONS) {
      if (fields.has(option)) {
        throw notYet(option, "The option " + option);
      }
    }
    fields.allowOnly(SUBSCRIBE_FIELDS);
    String channel = fields.requiredString("channel");
    String mode = fields.string("mode");
    if (mode != null && !mode.equals("broadcast")) {
      throw mode.equals("group") || mode.equals("queue")
          ? notYet("mode", "The mode " + mode)
          : fields.wrong("mode", "must be broadcast, group or queue.");
    }
    return new Command.Subscribe(
        id,
        channel,
        new SubscribeOptions(
            StartingPoints.read(fields),
            word(fields, "overflow", OVERFLOWS),
            valueForm(fields),
            key(fields),
            fields.has("fields") ? fields.strings("fields", MAX_FIELDS) : null,
            fields.integer("credit", 0, SubscribeOptions.MAX_CREDIT),
            fields.number("maxRate", SubscribeOptions.MIN_RATE, SubscribeOptions.MAX_RATE)));
  }

  private static @Nullable ValueForm valueForm(Fields fields) throws InvalidCommand {
    ValueForm form = word(fields, "value", FORMS);
    if (form != null && form != ValueForm.AUTO && fields.hasByteStrings()) {
      throw fields.wrong(
          "value", "must be auto in CBOR: a value is a byte string, the record's own bytes.");
    }
    return form;
  }

  private static @Nullable RecordKey key(Fields fields) throws InvalidCommand {
    if (!fields.has("key")) {
      return null;
    }
    byte[] key = Publishes.bytes(fields, "key");
    if (key == null) {
      throw fields.wrong("key", "must be " + Publishes.bytesForms(fields) + ", and not null.");
    }
    if (key.length > SubscribeOptions.MAX_KEY_BYTES) {
      throw fields.wrong("key", KEY_LIMIT);
    }
    return RecordKey.of(key);
  }

  static InvalidCommand notYet(String field, String what) {
    return new InvalidCommand(field, what + " is not supported yet.");
  }

  private static <T> @Nullable T word(Fields fields, String name, Map<String, T> words)
      throws InvalidCommand {
    String word = fields.string(name);
    if (word == null) {
      return null;
    }
    T value = words.get(word);
    if (value == null) {
      throw fields.wrong(
          name,
          "must be one of "
              + words.keySet().stream().sorted().collect(Collectors.joining(", "))
              + ".");
    }
    return value;
  }

  private static <T> Map<String, T> words(T[] values, Function<T, String> word) {
    return Arrays.stream(values).collect(Collectors.toUnmodifiableMap(word, Function.identity()));
  }
}
