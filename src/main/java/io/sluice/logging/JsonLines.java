package io.sluice.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Lines for programs: one JSON object each, with {@link LogKeys} as its members. Made by Logback,
 * by its name in {@code logback.xml}. Any thread.
 */
public final class JsonLines extends LineEncoder {
  private static final int FRAMES = 30;

  @Override
  String line(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(256).append('{');
    append(LogKeys.TIMESTAMP, Instant.ofEpochMilli(event.getTimeStamp()), LogText.MAX_VALUE, line);
    append(LogKeys.LEVEL, event.getLevel(), LogText.MAX_VALUE, line);
    append(LogKeys.LOGGER, event.getLoggerName(), LogText.MAX_VALUE, line);
    append(LogKeys.THREAD, event.getThreadName(), LogText.MAX_VALUE, line);
    append(LogKeys.MESSAGE, event.getFormattedMessage(), LogText.MAX_SENTENCE, line);
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    if (pairs != null) {
      pairs.forEach(pair -> append(pair.key, pair.value, LogText.MAX_VALUE, line));
    }
    IThrowableProxy error = event.getThrowableProxy();
    if (error != null) {
      append(LogKeys.ERROR, LoggedError.of(error, FRAMES), Integer.MAX_VALUE, line);
    }
    return line.append('}').toString();
  }

  private static void append(String key, @Nullable Object value, int most, StringBuilder to) {
    if (to.length() > 1) {
      to.append(',');
    }
    appendString(LogText.fit(key, LogText.MAX_VALUE), to);
    to.append(':');
    switch (value) {
      case null -> to.append("null");
      case Integer number -> to.append(number.intValue());
      case Long number -> to.append(number.longValue());
      case Boolean truth -> to.append(truth.booleanValue());
      default -> appendString(LogText.fit(value.toString(), most), to);
    }
  }

  /** What is fit for a line has nothing to be escaped but these two. */
  private static void appendString(String fit, StringBuilder to) {
    to.append('"');
    for (int i = 0; i < fit.length(); i++) {
      char c = fit.charAt(i);
      if (c == '"' || c == '\\') {
        to.append('\\');
      }
      to.append(c);
    }
    to.append('"');
  }
}
