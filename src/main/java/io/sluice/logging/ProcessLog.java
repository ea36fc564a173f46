package io.sluice.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of this process, as whoever runs it sees it: one per process, as its standard output is.
 * Where another configuration of Logback is used than the gateway's own, nothing is counted and
 * there is nothing to wait for. Any thread.
 */
public final class ProcessLog {
  private ProcessLog() {}

  /** Lines that were lost because nobody read standard output. */
  public static long dropped() {
    return outputs().stream().mapToLong(StandardOutput::dropped).sum();
  }

  /** Lines that were left out because there were more than ten of their kind in a second. */
  public static long suppressed() {
    return outputs().stream().mapToLong(StandardOutput::suppressed).sum();
  }

  /** Waits until what was said is written, at most for {@code patience}: before a process ends. */
  public static void flush(Duration patience) {
    outputs().forEach(output -> output.flush(patience));
  }

  private static List<StandardOutput> outputs() {
    List<StandardOutput> outputs = new ArrayList<>(1);
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      Iterator<Appender<ILoggingEvent>> appenders =
          context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
      while (appenders.hasNext()) {
        if (appenders.next() instanceof StandardOutput output) {
          outputs.add(output);
        }
      }
    }
    return outputs;
  }
}
