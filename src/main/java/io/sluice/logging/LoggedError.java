package io.sluice.logging;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import org.jspecify.annotations.Nullable;

/**
 * An exception on one line: {@code java.io.IOException: gone at a.B.c(B.java:12) < …; cause: …}.
 */
final class LoggedError {
  private static final int MOST_CAUSES = 5;

  private LoggedError() {}

  /** With {@code frames} of its stack, and of each cause's, at most. */
  static String of(IThrowableProxy error, int frames) {
    StringBuilder line = new StringBuilder(256);
    @Nullable IThrowableProxy next = error;
    for (int i = 0; next != null && i <= MOST_CAUSES; i++, next = next.getCause()) {
      line.append(i == 0 ? "" : "; cause: ");
      append(next, frames, line);
    }
    return line.toString();
  }

  private static void append(IThrowableProxy error, int frames, StringBuilder to) {
    to.append(error.getClassName());
    if (error.getMessage() != null) {
      to.append(": ").append(LogText.fit(error.getMessage(), LogText.MAX_SENTENCE));
    }
    StackTraceElementProxy[] stack = error.getStackTraceElementProxyArray();
    for (int i = 0; stack != null && i < Math.min(frames, stack.length); i++) {
      to.append(i == 0 ? " at " : " < ").append(stack[i].getStackTraceElement());
    }
  }
}
