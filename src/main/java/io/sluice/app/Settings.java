package io.sluice.app;

import java.time.Duration;

/** Says what is wrong with a setting: its name, its value, and what is allowed. */
final class Settings {
  private Settings() {}

  /** What is said of a value that is not allowed. */
  static SettingException wrong(String name, Object value, String allowed) {
    return new SettingException(name + " is \"" + value + "\"; " + allowed + ".");
  }

  /** A time above 0. */
  static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new SettingException(
          name + " is " + text(value) + "; it must be a time above 0, such as 20s.");
    }
  }

  /** A time from 0 to a day. */
  static void notNegative(String name, Duration value) {
    if (value.isNegative() || value.compareTo(Duration.ofDays(1)) > 0) {
      throw new SettingException(
          name + " is " + text(value) + "; it must be a time from 0s to 1d, such as 20s.");
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
