package io.sluice.app;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One setting of Sluice, as its configuration record declares it.
 *
 * @param name its full name, such as {@code sluice.websocket.heartbeat}
 * @param type {@code int}, {@code long}, {@code double}, {@code boolean}, {@link Duration}, {@link
 *     String} or {@link List}
 * @param defaultValue what counts when nobody sets it, as text
 */
record KnownSetting(String name, Class<?> type, String defaultValue) {
  /** How it is called in the environment: {@code SLUICE_WEBSOCKET_HEARTBEAT}. */
  String variable() {
    return name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /**
   * What is allowed instead, where {@code text} cannot be read as this type; ranges are the
   * record's own business. Stricter than the framework, which takes any word for {@code false}, and
   * lets a number that is too large run over.
   */
  Optional<String> objection(String text) {
    if (type == boolean.class) {
      return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")
          ? Optional.empty()
          : Optional.of("it must be true or false");
    }
    if (type == int.class) {
      return number(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (type == long.class) {
      return number(text, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (type == double.class) {
      return text.matches("\\d{1,9}(\\.\\d{1,9})?")
          ? Optional.empty()
          : Optional.of("it must be a number, such as 2 or 0.5");
    }
    if (type == Duration.class) {
      return time(text);
    }
    return Optional.empty();
  }

  private static Optional<String> number(String text, long min, long max) {
    try {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return Optional.empty();
      }
    } catch (NumberFormatException notOne) {
      return Optional.of("it must be a whole number up to " + max);
    }
    return Optional.of("it must be a whole number up to " + max);
  }

  private static Optional<String> time(String text) {
    return text.matches("\\d{1,12}(ns|us|ms|s|m|h|d)") || isIso(text)
        ? Optional.empty()
        : Optional.of("it must be a time, such as 500ms, 20s or 2m");
  }

  private static boolean isIso(String text) {
    try {
      return text.startsWith("P") && !Duration.parse(text).isNegative();
    } catch (DateTimeParseException notOne) {
      return false;
    }
  }
}
