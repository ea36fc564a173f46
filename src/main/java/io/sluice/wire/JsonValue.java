package io.sluice.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value as the stretch of bytes it stands in, so that it can be kept as the very bytes that
 * were sent.
 *
 * @param message all of the message
 * @param kind what it is
 * @param from where it begins in the message
 * @param to where it ends
 * @param everyday whether it was read as a text that can be embedded as it is
 */
record JsonValue(byte[] message, Kind kind, int from, int to, boolean everyday) implements Value {
  /**
   * Reads what {@link JsonParts} does not take. Limits of the parser are far above those of {@link
   * JsonText}: what it refuses is refused without naming the field, and maybe without the id of the
   * command.
   */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(1_000)
                  .maxNumberLength(10_000)
                  .maxNameLength(50_000)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  /** Of -9223372036854775808. */
  private static final int MAX_LONG_LENGTH = 20;

  /** Longer than any double needs. */
  private static final int MAX_DOUBLE_LENGTH = 32;

  /** A whole message, which must be one object and nothing more; {@code message} is UTF-8. */
  static JsonValue message(byte[] message) throws InvalidCommand {
    refuseOtherEncodings(message);
    return new JsonValue(message, Kind.OBJECT, 0, message.length, false);
  }

  /**
   * The parser would guess the encoding from the first four bytes (RFC 4627 §3) and then count
   * characters where we count bytes. JSON in UTF-8 has neither a zero byte there, nor here a byte
   * order mark (RFC 8259 §8.1).
   */
  private static void refuseOtherEncodings(byte[] message) throws InvalidCommand {
    boolean zero = false;
    for (int i = 0; i < Math.min(4, message.length); i++) {
      zero |= message[i] == 0;
    }
    boolean mark =
        message.length >= 3
            && message[0] == (byte) 0xEF
            && message[1] == (byte) 0xBB
            && message[2] == (byte) 0xBF;
    if (zero || mark) {
      throw new InvalidCommand(null, "A message is JSON in UTF-8 without a byte order mark.");
    }
  }

  @Override
  public boolean hasByteStrings() {
    return false;
  }

  /**
   * Most strings have no escape and are there as they stand; the others are the parser's business
   * once more.
   */
  @Override
  public String text() throws InvalidCommand {
    for (int i = from; i < to; i++) {
      if (message[i] == '\\') {
        return unescaped();
      }
    }
    return new String(message, from + 1, to - from - 2, StandardCharsets.UTF_8);
  }

  private String unescaped() throws InvalidCommand {
    try (JsonParser parser = parser()) {
      parser.nextToken();
      return parser.getText();
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  @Override
  public byte[] bytes() {
    throw new IllegalStateException("Bytes were asked of JSON, which has none.");
  }

  @Override
  public @Nullable Long integer() {
    if (to - from > MAX_LONG_LENGTH) {
      return null;
    }
    try {
      return Long.valueOf(digits());
    } catch (NumberFormatException beyondLong) {
      return null;
    }
  }

  @Override
  public double number() {
    return to - from > MAX_DOUBLE_LENGTH ? Double.NaN : Double.parseDouble(digits());
  }

  private String digits() {
    return new String(message, from, to - from, StandardCharsets.US_ASCII);
  }

  @Override
  public void fields(FieldVisitor fields) throws InvalidCommand {
    JsonParts members = JsonParts.ofObject(message, from, to);
    int shown = 0;
    while (members.next()) {
      fields.named(members.name(), everyday(members));
      shown++;
    }
    if (!members.isWhole()) {
      parseFields(fields, shown);
    }
  }

  /** Shows the fields behind the first {@code shown}. */
  private void parseFields(FieldVisitor fields, int shown) throws InvalidCommand {
    try (JsonParser parser = parser()) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new InvalidCommand(null, "A message must be a JSON object.");
      }
      for (int i = 0; parser.nextToken() == JsonToken.FIELD_NAME; i++) {
        String name = parser.currentName();
        parser.nextToken();
        JsonValue value = value(parser);
        if (i >= shown) {
          fields.named(name, value);
        }
      }
      if (parser.nextToken() != null) {
        throw new InvalidCommand(null, "A message is one JSON object; there is more behind it.");
      }
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  @Override
  public List<Value> elements() throws InvalidCommand {
    List<Value> elements = new ArrayList<>();
    JsonParts parts = JsonParts.ofArray(message, from, to);
    while (parts.next()) {
      elements.add(everyday(parts));
    }
    return parts.isWhole() ? elements : parseElements();
  }

  private List<Value> parseElements() throws InvalidCommand {
    List<Value> elements = new ArrayList<>();
    try (JsonParser parser = parser()) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        elements.add(value(parser));
      }
    } catch (IOException e) {
      throw malformed(e);
    }
    return elements;
  }

  private JsonValue everyday(JsonParts parts) {
    return new JsonValue(message, parts.kind(), parts.from(), parts.to(), true);
  }

  @Override
  public byte[] asSent() {
    return Arrays.copyOfRange(message, from, to);
  }

  @Override
  public boolean isEmbeddable() {
    return everyday || JsonText.isJson(message, from, to);
  }

  private JsonParser parser() throws IOException {
    return JSON.createParser(message, from, to - from);
  }

  /** The value that begins with the parser's token, which it skips. */
  private JsonValue value(JsonParser parser) throws IOException {
    Kind itsKind = kind(parser.currentToken());
    int begin = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    return new JsonValue(
        message,
        itsKind,
        from + begin,
        from + (int) parser.currentLocation().getByteOffset(),
        false);
  }

  private static Kind kind(JsonToken token) {
    return switch (token) {
      case VALUE_NULL -> Kind.NULL;
      case VALUE_NUMBER_INT -> Kind.INTEGER;
      case VALUE_NUMBER_FLOAT -> Kind.DECIMAL;
      case VALUE_STRING -> Kind.TEXT;
      case START_OBJECT -> Kind.OBJECT;
      case START_ARRAY -> Kind.ARRAY;
      case VALUE_TRUE, VALUE_FALSE -> Kind.OTHER;
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("The parser shows a " + token + " where a value stands.");
    };
  }

  private static InvalidCommand malformed(IOException e) {
    if (!(e instanceof JsonProcessingException json)) {
      throw new UncheckedIOException(e); // the parser reads from memory: nothing else can fail
    }
    String where =
        json.getLocation() == null ? "" : " at byte " + json.getLocation().getByteOffset();
    String what =
        json instanceof StreamConstraintsException
            ? "This JSON is nested too deep, or has a number or name that is too long,"
            : "This is not valid JSON";
    return new InvalidCommand(null, what + where + ".");
  }

  /** Says nothing of its content, which may be payload. */
  @Override
  public String toString() {
    return kind + " at " + from;
  }
}
