package io.sluice.wire;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object of a command, in whichever format it came. They are read by what is
 * expected of them; every mistake becomes an {@link InvalidCommand} that names the field by its
 * path.
 */
final class Fields {
  private final String path;
  private final Map<String, Value> fields = new LinkedHashMap<>();
  private final boolean hasByteStrings;

  private Fields(String path, boolean hasByteStrings) {
    this.path = path;
    this.hasByteStrings = hasByteStrings;
  }

  /** Reads a whole message; a complaint comes with the fields that were read before it. */
  static Fields of(Value message) throws InvalidCommand {
    Fields fields = new Fields("", message.hasByteStrings());
    try {
      message.fields(fields.new Intake(false));
    } catch (InvalidCommand invalid) {
      throw invalid.after(fields);
    }
    return fields;
  }

  private static Fields of(Value object, String path, boolean numbered) throws InvalidCommand {
    Fields fields = new Fields(path, object.hasByteStrings());
    object.fields(fields.new Intake(numbered));
    return fields;
  }

  /** Takes the fields of the object, none of them twice. */
  private final class Intake implements Value.FieldVisitor {
    private final boolean takesNumbers;

    Intake(boolean takesNumbers) {
      this.takesNumbers = takesNumbers;
    }

    @Override
    public void named(String name, Value value) throws InvalidCommand {
      if (fields.putIfAbsent(name, value) != null) {
        throw wrong(name, "stands there twice.");
      }
    }

    @Override
    public void numbered(long number, Value value) throws InvalidCommand {
      if (!takesNumbers) {
        unnamed();
      }
      named(Long.toString(number), value);
    }

    @Override
    public void unnamed() throws InvalidCommand {
      String whose = path.isEmpty() ? "a message" : "the field " + InvalidCommand.shown(path);
      throw new InvalidCommand(
          path.isEmpty() ? null : path, "The names in " + whose + " must be text strings.");
    }
  }

  /**
   * Whether the message has byte strings of its own; where it has none, bytes are written as
   * base64.
   */
  boolean hasByteStrings() {
    return hasByteStrings;
  }

  /** Refuses every field that is not in {@code known}. */
  void allowOnly(Set<String> known) throws InvalidCommand {
    for (String name : fields.keySet()) {
      if (!known.contains(name)) {
        throw wrong(
            name,
            "is unknown here; known are "
                + String.join(", ", known.stream().sorted().toList())
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

  /** What stands in {@code name}; {@code null} where the field is not there. */
  Value.@Nullable Kind kind(String name) {
    Value value = fields.get(name);
    return value == null ? null : value.kind();
  }

  boolean isText(String name) {
    return kind(name) == Value.Kind.TEXT;
  }

  boolean isObject(String name) {
    return kind(name) == Value.Kind.OBJECT;
  }

  boolean isArray(String name) {
    return kind(name) == Value.Kind.ARRAY;
  }

  boolean isInteger(String name) {
    return kind(name) == Value.Kind.INTEGER;
  }

  /** The string in {@code name}, which must be there. */
  String requiredString(String name) throws InvalidCommand {
    String value = string(name);
    if (value == null) {
      throw wrong(name, "is required: a string.");
    }
    return value;
  }

  /** The string in {@code name}; {@code null} where the field is not there. */
  @Nullable String string(String name) throws InvalidCommand {
    Value value = fields.get(name);
    return value == null ? null : string(name, value);
  }

  private String string(String name, Value value) throws InvalidCommand {
    if (value.kind() != Value.Kind.TEXT) {
      throw wrong(name, "must be a string.");
    }
    String text = value.text();
    if (hasLoneSurrogate(text)) {
      throw wrong(name, "must not hold an escape of a lone surrogate: it is no character.");
    }
    return text;
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
      throw wrong(name, "is required: an integer.");
    }
    return value;
  }

  /** The integer in {@code name}; {@code null} where the field is not there. */
  @Nullable Long integer(String name, long min, long max) throws InvalidCommand {
    Value field = fields.get(name);
    if (field == null) {
      return null;
    }
    Long value = field.kind() == Value.Kind.INTEGER ? field.integer() : null;
    if (value == null || value < min || value > max) {
      throw wrong(name, "must be an integer from " + min + " to " + max + ".");
    }
    return value;
  }

  /** The number in {@code name}; {@code null} where the field is not there. */
  @Nullable Double number(String name, double min, double max) throws InvalidCommand {
    Value field = fields.get(name);
    if (field == null) {
      return null;
    }
    if (field.kind() == Value.Kind.INTEGER || field.kind() == Value.Kind.DECIMAL) {
      double value = field.number();
      if (value >= min && value <= max) {
        return value;
      }
    }
    throw wrong(name, "must be a number from " + plain(min) + " to " + plain(max) + ".");
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  /** The bytes of the byte string in {@code name}, which must be one; a copy. */
  byte[] bytes(String name) throws InvalidCommand {
    Value value = fields.get(name);
    if (value == null || value.kind() != Value.Kind.BYTES) {
      throw wrong(name, "must be a byte string.");
    }
    return value.bytes();
  }

  /** The JSON in {@code name} as it was sent, which must be there; a copy. */
  byte[] json(String name) throws InvalidCommand {
    Value value = fields.get(name);
    if (value == null) {
      throw wrong(name, "is required.");
    }
    if (!value.isEmbeddable()) {
      // Valid for a parser, but nobody could be given it back as JSON.
      throw wrong(
          name,
          "must be JSON of at most "
              + JsonText.MAX_DEPTH
              + " levels, with numbers of at most "
              + JsonText.MAX_NUMBER_LENGTH
              + " characters and no escape of a lone surrogate.");
    }
    return value.asSent();
  }

  /** The strings in the array {@code name}, from 1 to {@code limit} of them. */
  List<String> strings(String name, int limit) throws InvalidCommand {
    if (!isArray(name)) {
      throw wrong(name, "must be an array of strings.");
    }
    List<Value> elements = elements(name);
    if (elements.isEmpty() || elements.size() > limit) {
      throw wrong(name, "must hold from 1 to " + limit + " strings.");
    }
    List<String> strings = new ArrayList<>();
    for (Value element : elements) {
      strings.add(string(name + "[" + strings.size() + "]", element));
    }
    return strings;
  }

  /** The object in {@code name}, which must be one. */
  Fields object(String name) throws InvalidCommand {
    return of(required(name, Value.Kind.OBJECT, "must be an object."), join(name), false);
  }

  /**
   * The object in {@code name}, which must be one, with numbers for names: in decimal digits, or as
   * integers where the format has such names.
   */
  Fields numberedObject(String name) throws InvalidCommand {
    return of(required(name, Value.Kind.OBJECT, "must be an object."), join(name), true);
  }

  /** The objects in the array {@code name}, at most {@code limit}. */
  List<Fields> objects(String name, int limit) throws InvalidCommand {
    List<Value> elements = elements(name);
    if (elements.size() > limit) {
      throw wrong(name, "must hold at most " + limit + " elements.");
    }
    List<Fields> objects = new ArrayList<>(elements.size());
    for (Value element : elements) {
      String elementName = name + "[" + objects.size() + "]";
      if (element.kind() != Value.Kind.OBJECT) {
        throw wrong(elementName, "must be an object.");
      }
      objects.add(of(element, join(elementName), false));
    }
    return objects;
  }

  /** The elements of the array {@code name}, as fields named {@code name[0]} and so on. */
  Fields array(String name) throws InvalidCommand {
    Fields array = new Fields(path, hasByteStrings);
    for (Value element : elements(name)) {
      array.fields.put(name + "[" + array.fields.size() + "]", element);
    }
    return array;
  }

  private List<Value> elements(String name) throws InvalidCommand {
    return required(name, Value.Kind.ARRAY, "must be an array.").elements();
  }

  private Value required(String name, Value.Kind kind, String what) throws InvalidCommand {
    Value value = fields.get(name);
    if (value == null || value.kind() != kind) {
      throw wrong(name, what);
    }
    return value;
  }

  /** A complaint about a field: {@code what} follows "The field … ". */
  InvalidCommand wrong(String name, String what) {
    return new InvalidCommand(
        join(name), "The field " + InvalidCommand.shown(join(name)) + " " + what);
  }

  /** The path of one of this object's fields. */
  String pathOf(String name) {
    return join(name);
  }

  private String join(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
