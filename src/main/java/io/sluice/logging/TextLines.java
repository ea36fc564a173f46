package io.sluice.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/**
 * Lines for people: {@code 12:30:01.123 INFO WebSocketConnection - A sentence. {connection=1f3a-7,
 * code=1002}}. Made by Logback, by its name in {@code logback.xml}. Any thread.
 */
public final class TextLines extends LineEncoder {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  /** Enough to find the place; a terminal is no place for forty. */
  private static final int FRAMES = 5;

  private static final int LEVEL_WIDTH = 5;

  @Override
  String line(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
    String level = event.getLevel().toString();
    line.append(' ').append(level).repeat(' ', Math.max(0, LEVEL_WIDTH - level.length()));
    line.append(' ').append(simpleName(event.getLoggerName())).append(" - ");
    line.append(LogText.fit(event.getFormattedMessage(), LogText.MAX_SENTENCE));
    appendPairs(event.getKeyValuePairs(), line);
    IThrowableProxy error = event.getThrowableProxy();
    if (error != null) {
      line.append(" | ").append(LoggedError.of(error, FRAMES));
    }
    return line.toString();
  }

  private static String simpleName(String logger) {
    return LogText.fit(logger.substring(logger.lastIndexOf('.') + 1), LogText.MAX_VALUE);
  }

  private static void appendPairs(List<KeyValuePair> pairs, StringBuilder to) {
    if (pairs == null || pairs.isEmpty()) {
      return;
    }
    String before = " {";
    for (KeyValuePair pair : pairs) {
      to.append(before).append(LogText.fit(pair.key, LogText.MAX_VALUE)).append('=');
      String value = LogText.fit(String.valueOf(pair.value), LogText.MAX_VALUE);
      if (isWord(value)) {
        to.append(value);
      } else {
        to.append('"').append(value.replace("\"", "\\\"")).append('"');
      }
      before = ", ";
    }
    to.append('}');
  }

  /** Whether nobody can take a part of it for another key. */
  private static boolean isWord(String value) {
    return !value.isEmpty()
        && value.chars().noneMatch(c -> c == ' ' || c == '"' || c == ',' || c == '=' || c == '}');
  }
}
