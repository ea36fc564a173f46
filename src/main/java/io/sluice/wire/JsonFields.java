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
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, each as the stretch of bytes it stands in, so that a value can be
 * kept as the very bytes that were sent. Fields are read by what is expected of them; every mistake
 * becomes an {@link InvalidCommand} that names the field by its path.
 */
final class JsonFields {
  /**
   * Limits of the parser are far above those of {@link JsonText}: what it refuses is refused
   * without naming the field, and maybe without the id of the command.
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

  /** One value: its first token, and where it stands in the message. */
  private record Stretch(JsonToken kind, int from, int to) {}

  private final byte[] message;
  private final String path;
  private final Map<String, Stretch> fields;

  private JsonFields(byte[] message, String path, Map<String, Stretch> fields) {
    this.message = message;
    this.path = path;
    this.fields = fields;
  }

  /** Reads a whole message, which must be one object and nothing more. */
  static JsonFields of(byte[] message) throws InvalidCommand {
    refuseOtherEncodings(message);
    return object(message, 0, message.length, "");
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

  private static JsonFields object(byte[] message, int from, int to, String path)
      throws InvalidCommand {
    Map<String, Stretch> fields = new LinkedHashMap<>();
    JsonFields object = new JsonFields(message, path, fields);
    try (JsonParser parser = JSON.createParser(message, from, to - from)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new InvalidCommand(
            path.isEmpty() ? null : path, what(path) + " must be a JSON object.");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (fields.put(name, stretch(parser, from)) != null) {
          throw new InvalidCommand(
              join(path, name),
              "The field " + InvalidCommand.shown(join(path, name)) + " stands there twice.",
              object);
        }
      }
      if (parser.nextToken() != null) {
        throw new InvalidCommand(
            null, "A message is one JSON object; there is more behind it.", object);
      }
    } catch (IOException e) {
      throw malformed(e, object);
    }
    return object;
  }

  private static Stretch stretch(JsonParser parser, int base) throws IOException {
    JsonToken kind = parser.currentToken();
    int from = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    return new Stretch(kind, base + from, base + (int) parser.currentLocation().getByteOffset());
  }

  private static InvalidCommand malformed(IOException e, @Nullable JsonFields before) {
    if (!(e instanceof JsonProcessingException json)) {
      throw new UncheckedIOException(e); // the parser reads from memory: nothing else can fail
    }
    String where =
        json.getLocation() == null ? "" : " at byte " + json.getLocation().getByteOffset();
    String what =
        json instanceof StreamConstraintsException
            ? "This JSON is nested too deep, or has a number or name that is too long,"
            : "This is not valid JSON";
    return new InvalidCommand(null, what + where + ".", before);
  }

  /** Refuses every field that is not in {@code known}. */
  void allowOnly(Set<String> known) throws InvalidCommand {
    for (String name : fields.keySet()) {
      if (!known.contains(name)) {
        throw new InvalidCommand(
            join(path, name),
            "The field "
                + InvalidCommand.shown(join(path, name))
                + " is unknown here; known are "
                + String.join(", ", sorted(known))
                + ".");
      }
    }
  }

  /** Names of the fields, in order. */
  Set<String> names() {
    return fields.keySet();
  }

  boolean has(String name) {
    return fields.containsKey(name);
  }

  /** Whether the field is there with the value {@code null}. */
  boolean isNull(String name) {
    Stretch stretch = fields.get(name);
    return stretch != null && stretch.kind() == JsonToken.VALUE_NULL;
  }

  boolean isString(String name) {
    Stretch stretch = fields.get(name);
    return stretch != null && stretch.kind() == JsonToken.VALUE_STRING;
  }

  boolean isObject(String name) {
    Stretch stretch = fields.get(name);
    return stretch != null && stretch.kind() == JsonToken.START_OBJECT;
  }

  boolean isArray(String name) {
    Stretch stretch = fields.get(name);
    return stretch != null && stretch.kind() == JsonToken.START_ARRAY;
  }

  boolean isInteger(String name) {
    Stretch stretch = fields.get(name);
    return stretch != null && stretch.kind() == JsonToken.VALUE_NUMBER_INT;
  }

  /** The string in {@code name}, which must be there. */
  String requiredString(String name) throws InvalidCommand {
    String value = string(name);
    if (value == null) {
      throw new InvalidCommand(
          join(path, name), "The field " + join(path, name) + " is required: a string.");
    }
    return value;
  }

  /** The string in {@code name}; {@code null} where the field is not there. */
  @Nullable String string(String name) throws InvalidCommand {
    Stretch stretch = fields.get(name);
    if (stretch == null) {
      return null;
    }
    if (stretch.kind() != JsonToken.VALUE_STRING) {
      throw wrong(name, "must be a string.");
    }
    String value = text(stretch);
    if (hasLoneSurrogate(value)) {
      throw wrong(name, "must not hold an escape of a lone surrogate: it is no character.");
    }
    return value;
  }

  /**
   * Most strings have no escape and are there as they stand; the others are the parser's business
   * once more.
   */
  private String text(Stretch string) throws InvalidCommand {
    for (int i = string.from(); i < string.to(); i++) {
      if (message[i] == '\\') {
        return unescaped(string);
      }
    }
    return new String(
        message, string.from() + 1, string.to() - string.from() - 2, StandardCharsets.UTF_8);
  }

  private String unescaped(Stretch string) throws InvalidCommand {
    try (JsonParser parser =
        JSON.createParser(message, string.from(), string.to() - string.from())) {
      parser.nextToken();
      return parser.getText();
    } catch (IOException e) {
      throw malformed(e, null);
    }
  }

  /** Half a character cannot be written as UTF-8: it would be replaced in silence. */
  private static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isHighSurrogate(text.charAt(i))
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /** The integer in {@code name}, which must be there. */
  long requiredInteger(String name, long min, long max) throws InvalidCommand {
    Long value = integer(name, min, max);
    if (value == null) {
      throw new InvalidCommand(
          join(path, name), "The field " + join(path, name) + " is required: an integer.");
    }
    return value;
  }

  /** The integer in {@code name}; {@code null} where the field is not there. */
  @Nullable Long integer(String name, long min, long max) throws InvalidCommand {
    Stretch stretch = fields.get(name);
    if (stretch == null) {
      return null;
    }
    Long value = integer(stretch);
    if (value == null || value < min || value > max) {
      throw wrong(name, "must be an integer from " + min + " to " + max + ".");
    }
    return value;
  }

  /**
   * The value of a number without fraction and exponent; {@code null} where it is none, or beyond
   * 64 bits.
   */
  private @Nullable Long integer(Stretch number) {
    int length = number.to() - number.from();
    if (number.kind() != JsonToken.VALUE_NUMBER_INT || length > MAX_LONG_LENGTH) {
      return null;
    }
    try {
      return Long.valueOf(new String(message, number.from(), length, StandardCharsets.US_ASCII));
    } catch (NumberFormatException beyondLong) {
      return null;
    }
  }

  /** The number in {@code name}; {@code null} where the field is not there. */
  @Nullable Double number(String name, double min, double max) throws InvalidCommand {
    Stretch stretch = fields.get(name);
    if (stretch == null) {
      return null;
    }
    boolean isNumber =
        stretch.kind() == JsonToken.VALUE_NUMBER_INT
            || stretch.kind() == JsonToken.VALUE_NUMBER_FLOAT;
    int length = stretch.to() - stretch.from();
    if (isNumber && length <= MAX_DOUBLE_LENGTH) {
      double value =
          Double.parseDouble(
              new String(message, stretch.from(), length, StandardCharsets.US_ASCII));
      if (value >= min && value <= max) {
        return value;
      }
    }
    throw wrong(
        name,
        "must be a number from "
            + BigDecimal.valueOf(min).stripTrailingZeros().toPlainString()
            + " to "
            + BigDecimal.valueOf(max).stripTrailingZeros().toPlainString()
            + ".");
  }

  /** The strings in the array {@code name}, from 1 to {@code limit} of them. */
  List<String> strings(String name, int limit) throws InvalidCommand {
    if (!isArray(name)) {
      throw wrong(name, "must be an array of strings.");
    }
    JsonFields elements = array(name);
    if (elements.names().isEmpty() || elements.names().size() > limit) {
      throw wrong(name, "must hold from 1 to " + limit + " strings.");
    }
    List<String> strings = new ArrayList<>();
    for (String index : elements.names()) {
      strings.add(elements.requiredString(index));
    }
    return strings;
  }

  /** The object in {@code name}, which must be one. */
  JsonFields object(String name) throws InvalidCommand {
    Stretch stretch = fields.get(name);
    if (stretch == null || stretch.kind() != JsonToken.START_OBJECT) {
      throw wrong(name, "must be an object.");
    }
    return object(message, stretch.from(), stretch.to(), join(path, name));
  }

  /** The objects in the array {@code name}, at most {@code limit}. */
  List<JsonFields> objects(String name, int limit) throws InvalidCommand {
    List<Stretch> elements = elements(name);
    if (elements.size() > limit) {
      throw wrong(name, "must hold at most " + limit + " elements.");
    }
    List<JsonFields> objects = new ArrayList<>(elements.size());
    for (Stretch element : elements) {
      String elementPath = join(path, name) + "[" + objects.size() + "]";
      if (element.kind() != JsonToken.START_OBJECT) {
        throw new InvalidCommand(elementPath, "The field " + elementPath + " must be an object.");
      }
      objects.add(object(message, element.from(), element.to(), elementPath));
    }
    return objects;
  }

  /** The elements of the array {@code name}, as fields named {@code 0}, {@code 1} and so on. */
  JsonFields array(String name) throws InvalidCommand {
    Map<String, Stretch> elements = new LinkedHashMap<>();
    for (Stretch element : elements(name)) {
      elements.put(Integer.toString(elements.size()), element);
    }
    return new JsonFields(message, join(path, name), elements);
  }

  private List<Stretch> elements(String name) throws InvalidCommand {
    Stretch stretch = fields.get(name);
    if (stretch == null || stretch.kind() != JsonToken.START_ARRAY) {
      throw wrong(name, "must be an array.");
    }
    List<Stretch> elements = new ArrayList<>();
    try (JsonParser parser =
        JSON.createParser(message, stretch.from(), stretch.to() - stretch.from())) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        elements.add(stretch(parser, stretch.from()));
      }
    } catch (IOException e) {
      throw malformed(e, null);
    }
    return elements;
  }

  /** The bytes of the field as they were sent, a copy. */
  byte[] bytes(String name) throws InvalidCommand {
    Stretch stretch = fields.get(name);
    if (stretch == null) {
      throw wrong(name, "is required.");
    }
    byte[] bytes = new byte[stretch.to() - stretch.from()];
    System.arraycopy(message, stretch.from(), bytes, 0, bytes.length);
    return bytes;
  }

  /** A complaint about a field: {@code what} follows "The field … ". */
  InvalidCommand wrong(String name, String what) {
    return new InvalidCommand(
        join(path, name), "The field " + InvalidCommand.shown(join(path, name)) + " " + what);
  }

  /** The path of one of this object's fields. */
  String pathOf(String name) {
    return join(path, name);
  }

  private static String what(String path) {
    return path.isEmpty() ? "A message" : "The field " + InvalidCommand.shown(path);
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }
}
