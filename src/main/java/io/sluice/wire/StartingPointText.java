package io.sluice.wire;

import io.sluice.protocol.CommandId;
import io.sluice.protocol.StartingPoint;
import org.jspecify.annotations.Nullable;

/**
 * Where a subscription starts, as one word: how addresses and settings write the option {@code
 * from}. Positions are not among them: they need a channel. Stateless: any thread.
 */
public final class StartingPointText {
  /** What there is. */
  public static final String ALLOWED =
      "latest, earliest, tail:n or timestamp:t, with t in milliseconds since 1970 or ISO 8601 with its offset";

  static final String TAIL = "tail:";
  static final String TIMESTAMP = "timestamp:";

  private StartingPointText() {}

  /** Reads {@code text}; {@code null} where it is none of {@link #ALLOWED}. */
  public static @Nullable StartingPoint read(String text) {
    if (text.equals("latest")) {
      return new StartingPoint.Latest();
    }
    if (text.equals("earliest")) {
      return new StartingPoint.Earliest();
    }
    if (text.startsWith(TAIL)) {
      long records = QueryParameters.integer(text.substring(TAIL.length()), CommandId.MAX_NUMBER);
      return records < 1 ? null : new StartingPoint.Tail(records);
    }
    return text.startsWith(TIMESTAMP) ? at(text.substring(TIMESTAMP.length())) : null;
  }

  private static @Nullable StartingPoint at(String moment) {
    long millis = QueryParameters.integer(moment, CommandId.MAX_NUMBER);
    long time = millis < 0 ? IsoTime.millis(moment) : millis;
    return time < 0 ? null : new StartingPoint.Timestamp(time);
  }
}
