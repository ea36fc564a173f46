package io.sluice.wire;

import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** Moments as people write them. Stateless: any thread. */
final class IsoTime {
  /** What a moment must be; follows the name of the field. */
  static final String RULE =
      "must be milliseconds since 1970 or a time in ISO 8601 with its offset, such as 2026-01-31T12:00:00Z.";

  private IsoTime() {}

  /**
   * Milliseconds since the epoch of a time in ISO 8601 with its offset; -1 where it is none, or
   * before the epoch.
   */
  static long millis(String text) {
    try {
      return Math.max(-1, OffsetDateTime.parse(text).toInstant().toEpochMilli());
    } catch (DateTimeParseException | ArithmeticException e) {
      return -1;
    }
  }
}
