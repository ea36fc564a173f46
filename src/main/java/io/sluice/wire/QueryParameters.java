package io.sluice.wire;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one query, percent-decoded once, read by what is expected of them; every
 * mistake becomes an {@link InvalidCommand} that names the parameter.
 */
final class QueryParameters {
  /** Longer than any number that means something. */
  private static final int MAX_NUMBER_LENGTH = 20;

  private final Map<String, byte[]> values = new LinkedHashMap<>();

  private QueryParameters() {}

  /** Reads {@code name=value&…}; {@code null} has none. */
  static QueryParameters of(@Nullable String query) throws InvalidCommand {
    QueryParameters parameters = new QueryParameters();
    if (query == null) {
      return parameters;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String raw = equals < 0 ? pair : pair.substring(0, equals);
      String name = Percent.decodeText(raw);
      if (name == null) {
        throw new InvalidCommand(
            null, "The name of a parameter is not percent-encoded UTF-8 (RFC 3986 §2.1).");
      }
      byte[] value = Percent.decode(equals < 0 ? "" : pair.substring(equals + 1));
      if (value == null) {
        throw parameters.wrong(name, "is not percent-encoded (RFC 3986 §2.1).");
      }
      if (!pair.isEmpty() && parameters.values.put(name, value) != null) {
        throw parameters.wrong(name, "stands there twice.");
      }
    }
    return parameters;
  }

  Set<String> names() {
    return values.keySet();
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  void allowOnly(Set<String> known) throws InvalidCommand {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        throw wrong(
            name,
            known.isEmpty()
                ? "is unknown here; none is known."
                : "is unknown here; known are "
                    + known.stream().sorted().collect(Collectors.joining(", "))
                    + ".");
      }
    }
  }

  /** The bytes of {@code name}; {@code null} where it is not there. */
  byte @Nullable [] bytes(String name) {
    return values.get(name);
  }

  /** The text of {@code name}; {@code null} where it is not there. */
  @Nullable String text(String name) throws InvalidCommand {
    byte[] value = values.get(name);
    if (value == null) {
      return null;
    }
    if (!Utf8.isValid(value, 0, value.length)) {
      throw wrong(name, "is not UTF-8.");
    }
    return new String(value, StandardCharsets.UTF_8);
  }

  /** Whether {@code name} is there: alone, or as {@code true}. */
  boolean flag(String name) throws InvalidCommand {
    String value = text(name);
    if (value == null || value.equals("false")) {
      return false;
    }
    if (!value.isEmpty() && !value.equals("true")) {
      throw wrong(name, "must stand alone, or be true or false.");
    }
    return true;
  }

  /** The one of {@code all} whose word {@code name} has; {@code null} where it is not there. */
  <T> @Nullable T word(String name, T[] all, Function<T, String> word) throws InvalidCommand {
    String text = text(name);
    if (text == null) {
      return null;
    }
    for (T each : all) {
      if (word.apply(each).equals(text)) {
        return each;
      }
    }
    throw wrong(
        name,
        "must be one of "
            + Arrays.stream(all).map(word).sorted().collect(Collectors.joining(", "))
            + ".");
  }

  /** The strings in {@code name}, which is a JSON array of up to {@code limit} of them. */
  List<String> strings(String name, int limit) throws InvalidCommand {
    byte[] message = ("{\"" + name + "\":" + text(name) + "}").getBytes(StandardCharsets.UTF_8);
    Fields fields = Fields.of(JsonValue.message(message));
    fields.allowOnly(Set.of(name));
    return fields.strings(name, limit);
  }

  /** The number in {@code name}; {@code null} where it is not there. */
  @Nullable Double number(String name, double min, double max) throws InvalidCommand {
    String text = text(name);
    if (text == null) {
      return null;
    }
    double value = isDecimal(text) ? Double.parseDouble(text) : -1;
    if (!(value >= min && value <= max)) {
      throw wrong(
          name,
          "must be a number from "
              + BigDecimal.valueOf(min).stripTrailingZeros().toPlainString()
              + " to "
              + BigDecimal.valueOf(max).stripTrailingZeros().toPlainString()
              + ".");
    }
    return value;
  }

  /** The integer from 0 to {@code max} that {@code text} is; -1 where it is none. */
  static long integer(String text, long max) {
    if (text.isEmpty() || text.length() > MAX_NUMBER_LENGTH || !isDigits(text)) {
      return -1;
    }
    try {
      long value = Long.parseLong(text);
      return value <= max ? value : -1;
    } catch (NumberFormatException beyondLong) {
      return -1;
    }
  }

  /** A complaint about a parameter: {@code what} follows "The parameter … ". */
  InvalidCommand wrong(String name, String what) {
    return new InvalidCommand(name, "The parameter " + InvalidCommand.shown(name) + " " + what);
  }

  private static boolean isDecimal(String text) {
    int point = text.indexOf('.');
    String whole = point < 0 ? text : text.substring(0, point);
    String fraction = point < 0 ? "0" : text.substring(point + 1);
    return text.length() <= MAX_NUMBER_LENGTH
        && !whole.isEmpty()
        && !fraction.isEmpty()
        && isDigits(whole)
        && isDigits(fraction);
  }

  private static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
