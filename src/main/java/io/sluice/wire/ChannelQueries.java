package io.sluice.wire;

import io.sluice.log.RecordKey;
import io.sluice.protocol.CommandId;
import io.sluice.protocol.Overflow;
import io.sluice.protocol.StartingPoint;
import io.sluice.protocol.SubscribeOptions;
import io.sluice.protocol.ValueForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Queries of {@code /v1/channels/{channel}} to what they ask for (PROTOCOL §7). Whatever is wrong
 * becomes {@link Malformed}, which names the parameter and what is allowed; nothing is thrown.
 * Stateless: any thread.
 */
public final class ChannelQueries {
  static final String FROM = "from";

  private static final Set<String> LATER = Set.of("filter", "group", "commit", "conflate");
  private static final String FORMS =
      "must be latest, earliest, tail:n, timestamp:t or positions:partition=offset,….";

  private ChannelQueries() {}

  /** What a request is for decides which parameters have a meaning. */
  public enum Use {
    /** A WebSocket in raw mode. */
    RAW("from", "key", "overflow", "max-rate", "mode", "publish-key", "readonly", "writeonly"),
    /** An event stream: records in JSON, nothing the other way. */
    EVENTS(
        "from",
        "key",
        "overflow",
        "max-rate",
        "mode",
        "value",
        "fields",
        "readonly",
        "last-event-id"),
    /** A value that is published as its bytes. */
    PUBLISH_VALUE("key", "publish-key"),
    /** A command in JSON, which says all. */
    PUBLISH_COMMAND();

    private final Set<String> known;

    Use(String... known) {
      this.known = Set.of(known);
    }
  }

  /** What came of it. */
  public sealed interface Reading permits ChannelQuery, Malformed {}

  /** Something is wrong with {@code parameter}. */
  public record Malformed(String parameter, String message) implements Reading {}

  /**
   * Reads a query as it stands in an address, without its question mark.
   *
   * @param query {@code null} where the address has none
   */
  public static Reading read(@Nullable String query, Use use) {
    return read(query, use, null);
  }

  /**
   * Reads the query of an event stream.
   *
   * @param lastEventId the header {@code Last-Event-ID}, which beats the parameter, as both beat
   *     {@code from}: it is newer; {@code null} where there is none
   */
  public static Reading readEvents(@Nullable String query, @Nullable String lastEventId) {
    return read(query, Use.EVENTS, lastEventId);
  }

  private static Reading read(@Nullable String query, Use use, @Nullable String lastEventId) {
    try {
      return read(QueryParameters.of(query), use, lastEventId);
    } catch (InvalidCommand invalid) {
      return new Malformed(
          invalid.field() == null ? "" : invalid.field(), String.valueOf(invalid.getMessage()));
    }
  }

  private static ChannelQuery read(QueryParameters query, Use use, @Nullable String lastEventId)
      throws InvalidCommand {
    if (use == Use.RAW || use == Use.EVENTS) {
      for (String name : query.names()) {
        if (LATER.contains(name)) {
          throw new InvalidCommand(name, "The option " + name + " is not supported yet.");
        }
      }
    }
    query.allowOnly(use.known);
    refuseOtherModes(query);
    boolean readonly = query.flag("readonly");
    boolean writeonly = query.flag("writeonly");
    if (readonly && writeonly) {
      throw query.wrong("writeonly", "and readonly leave nothing to do.");
    }
    byte[] publishKey = query.bytes("publish-key");
    if (readonly && publishKey != null) {
      throw query.wrong("publish-key", "has no meaning with readonly.");
    }
    if (use == Use.PUBLISH_VALUE) {
      return new ChannelQuery(SubscribeOptions.NONE, null, onlyKey(query, publishKey), false, true);
    }
    if (writeonly) {
      for (String name : List.of("from", "key", "overflow", "max-rate")) {
        if (query.has(name)) {
          throw query.wrong(name, "has no meaning with writeonly.");
        }
      }
    }
    String from = query.text(FROM);
    List<ChannelQuery.NamedOffset> positions = positions(query, from);
    StartingPoint start = from == null || positions != null ? null : start(query, from);
    StartingPoint resumed = resumed(query, lastEventId);
    return new ChannelQuery(
        new SubscribeOptions(
            resumed == null ? start : resumed,
            query.word("overflow", Overflow.values(), Overflow::word),
            query.word("value", ValueForm.values(), ValueForm::word),
            key(query),
            query.has("fields") ? query.strings("fields", Commands.MAX_FIELDS) : null,
            SubscribeOptions.MAX_CREDIT, // who cannot grant more has all at once
            query.number("max-rate", SubscribeOptions.MIN_RATE, SubscribeOptions.MAX_RATE)),
        resumed == null ? positions : null,
        publishKey,
        !writeonly,
        use != Use.EVENTS && !readonly);
  }

  private static @Nullable StartingPoint resumed(
      QueryParameters query, @Nullable String lastEventId) throws InvalidCommand {
    boolean isHeader = lastEventId != null && !lastEventId.isEmpty();
    String id = isHeader ? lastEventId : query.text("last-event-id");
    if (id == null || id.isEmpty()) {
      return null;
    }
    StartingPoint.At at = EventId.read(id);
    if (at == null) {
      String what = "must be the id of an event of this gateway, as the stream gave it.";
      throw isHeader
          ? new InvalidCommand("Last-Event-ID", "The header Last-Event-ID " + what)
          : query.wrong("last-event-id", what);
    }
    return at;
  }

  private static void refuseOtherModes(QueryParameters query) throws InvalidCommand {
    String mode = query.text("mode");
    if (mode == null || mode.equals("broadcast")) {
      return;
    }
    throw switch (mode) {
      case "group" -> new InvalidCommand("mode", "The mode group is not supported yet.");
      case "queue" ->
          query.wrong(
              "mode",
              "must be broadcast here: records of a queue are acknowledged, which only /v1/ws can.");
      default -> query.wrong("mode", "must be broadcast.");
    };
  }

  private static byte @Nullable [] onlyKey(QueryParameters query, byte @Nullable [] publishKey)
      throws InvalidCommand {
    byte[] key = query.bytes("key");
    if (key != null && publishKey != null) {
      throw query.wrong("publish-key", "says the same as key: give one of them.");
    }
    return key == null ? publishKey : key;
  }

  private static @Nullable RecordKey key(QueryParameters query) throws InvalidCommand {
    byte[] key = query.bytes("key");
    if (key != null && key.length > SubscribeOptions.MAX_KEY_BYTES) {
      throw query.wrong("key", Commands.KEY_LIMIT);
    }
    return key == null ? null : RecordKey.of(key);
  }

  private static StartingPoint start(QueryParameters query, String from) throws InvalidCommand {
    StartingPoint start = StartingPointText.read(from);
    if (start != null) {
      return start;
    }
    if (from.startsWith(StartingPointText.TAIL)) {
      throw query.wrong(FROM, "must be tail:n with n from 1 to " + CommandId.MAX_NUMBER + ".");
    }
    throw from.startsWith(StartingPointText.TIMESTAMP)
        ? query.wrong(FROM, "is timestamp:t, of which t " + IsoTime.RULE)
        : query.wrong(FROM, FORMS);
  }

  /**
   * {@code positions:0=120,1=98}, also with a topic, {@code orders/0=120}; null where it is not.
   */
  private static @Nullable List<ChannelQuery.NamedOffset> positions(
      QueryParameters query, @Nullable String from) throws InvalidCommand {
    if (from == null || !from.startsWith("positions:")) {
      return null;
    }
    List<ChannelQuery.NamedOffset> positions = new ArrayList<>();
    String entries = from.substring("positions:".length());
    for (String entry : entries.isEmpty() ? new String[0] : entries.split(",", -1)) {
      int equals = entry.indexOf('=');
      int slash = entry.lastIndexOf('/', equals);
      long partition =
          equals < 0
              ? -1
              : QueryParameters.integer(entry.substring(slash + 1, equals), Integer.MAX_VALUE);
      long offset = QueryParameters.integer(entry.substring(equals + 1), Long.MAX_VALUE);
      if (partition < 0 || offset < 0 || slash == 0) {
        throw query.wrong(
            FROM,
            "must be positions:partition=offset,… such as positions:0=120,1=98, with a topic before it where the channel has several: orders/0=120.");
      }
      String topic = slash < 0 ? null : entry.substring(0, slash);
      positions.add(new ChannelQuery.NamedOffset(topic, (int) partition, offset));
    }
    return positions;
  }
}
