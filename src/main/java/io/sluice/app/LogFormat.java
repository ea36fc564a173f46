package io.sluice.app;

import org.jspecify.annotations.Nullable;

/** In which form logs are written: {@code logback.xml} has an appender of each name. */
final class LogFormat {
  /** Read by {@code logback.xml}, before there is any configuration. */
  static final String VARIABLE = "SLUICE_LOG_FORMAT";

  private static final String TEXT = "text";
  private static final String JSON = "json";

  private LogFormat() {}

  /** Whether lines are written for programs, not for people. */
  static boolean isJson() {
    return JSON.equals(System.getenv(VARIABLE));
  }

  /**
   * Refuses a name without an appender, with which nothing would be logged at all.
   *
   * @param wanted {@code text}, {@code json}, or null for {@code text}
   */
  static void check(@Nullable String wanted) {
    if (wanted != null && !wanted.equals(TEXT) && !wanted.equals(JSON)) {
      throw new SettingException(VARIABLE + " is \"" + wanted + "\"; it must be text or json.");
    }
  }
}
