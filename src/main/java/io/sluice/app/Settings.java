package io.sluice.app;

import java.time.Duration;
import java.util.regex.Pattern;

/** Says what is wrong with a setting: its name, its value, and what is allowed. */
final class Settings {
  private static final Duration LONGEST = Duration.ofDays(1);

  /** An origin as browsers write it (RFC 6454 §6.2): in lower case, without a path. */
  private static final Pattern ORIGIN =
      Pattern.compile("[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:\\d{1,5})?");

  private Settings() {}

  /** What is said of a value that is not allowed. */
  static SettingException wrong(String name, Object value, String allowed) {
    return new SettingException(name + " is \"" + value + "\"; " + allowed + ".");
  }

  /**
   * A time above 0, up to a day: what is meant to be for ever would run over where it is counted.
   */
  static void positive(String name, Duration value) {
    if (!value.isPositive() || value.compareTo(LONGEST) > 0) {
      throw new SettingException(
          name + " is " + text(value) + "; it must be a time above 0, up to 1d, such as 20s.");
    }
  }

  /** A time from 0 to a day. */
  static void notNegative(String name, Duration value) {
    if (value.isNegative() || value.compareTo(LONGEST) > 0) {
      throw new SettingException(
          name + " is " + text(value) + "; it must be a time from 0s to 1d, such as 20s.");
    }
  }

  /** An origin that a browser can send; whatever else stands there would never match. */
  static void origin(String name, String value) {
    boolean hasDefaultPort = value.matches("http://.*:80|https://.*:443");
    if (!ORIGIN.matcher(value).matches() || hasDefaultPort) {
      throw wrong(
          name,
          value,
          "each must be the origin of a page as browsers send it, scheme://host or"
              + " scheme://host:port in lower case, without a path, a default port or *, such as"
              + " https://shop.example");
    }
  }

  /** A number from {@code min} to {@code max}. */
  static void within(String name, long value, long min, long max) {
    if (value < min || value > max) {
      String allowed =
          max == Long.MAX_VALUE || max == Integer.MAX_VALUE
              ? "it must be " + min + " or more."
              : "it must be from " + min + " to " + max + ".";
      throw new SettingException(name + " is " + value + "; " + allowed);
    }
  }

  /** A number that another setting bounds. */
  static void atMost(String name, long value, String bound, long max) {
    if (value > max) {
      throw new SettingException(
          name + " is " + value + "; it must not be above " + bound + ", which is " + max + ".");
    }
  }

  /** As settings write it: 20s, not PT20S. */
  private static String text(Duration value) {
    return value.toMillis() % 1000 == 0 ? value.toSeconds() + "s" : value.toMillis() + "ms";
  }
}
