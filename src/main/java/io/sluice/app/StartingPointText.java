package io.sluice.app;

import io.sluice.protocol.CommandId;
import io.sluice.protocol.StartingPoint;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Where subscriptions start, as one word: how settings write the option {@code from}. */
final class StartingPointText {
  /** What there is. */
  static final String ALLOWED =
      "latest, earliest, tail:n or timestamp:t, with t in milliseconds since 1970 or ISO 8601 with its offset";

  private StartingPointText() {}

  /** Reads {@code text}; empty where it is none of {@link #ALLOWED}. */
  static Optional<StartingPoint> read(String text) {
    int colon = text.indexOf(':');
    String argument = text.substring(colon + 1);
    return switch (colon < 0 ? text : text.substring(0, colon + 1)) {
      case "latest" -> Optional.of(new StartingPoint.Latest());
      case "earliest" -> Optional.of(new StartingPoint.Earliest());
      case "tail:" -> number(argument).filter(records -> records > 0).map(StartingPoint.Tail::new);
      case "timestamp:" ->
          number(argument).or(() -> time(argument)).map(StartingPoint.Timestamp::new);
      default -> Optional.empty();
    };
  }

  private static Optional<Long> number(String text) {
    return text.matches("\\d{1,16}")
        ? Optional.of(Long.valueOf(text)).filter(number -> number <= CommandId.MAX_NUMBER)
        : Optional.empty();
  }

  private static Optional<Long> time(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant().toEpochMilli())
          .filter(time -> time >= 0);
    } catch (DateTimeParseException | ArithmeticException notOne) {
      return Optional.empty();
    }
  }
}
