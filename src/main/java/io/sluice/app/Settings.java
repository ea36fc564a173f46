package io.sluice.app;

import java.time.Duration;

/** Says what is wrong with a setting: its name, its value, and what is allowed. */
final class Settings {
  private Settings() {}

  static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(
          name + " is " + value + "; it must be a time above 0, such as 20s.");
    }
  }

  static void within(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + " is " + value + "; it must be from " + min + " to " + max + ".");
    }
  }
}
