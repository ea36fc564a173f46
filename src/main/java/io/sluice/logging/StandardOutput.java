package io.sluice.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Logback's way to standard output that holds nobody up: events become lines on the thread that has
 * them, at most ten of a kind in a second, and a thread of its own writes them. What is left out is
 * told by lines of their own. Made by Logback, by its name in {@code logback.xml}.
 */
public final class StandardOutput extends UnsynchronizedAppenderBase<ILoggingEvent> {
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);
  private static final String ITS_NAME = StandardOutput.class.getName();

  private final EventLimiter limiter = new EventLimiter();
  private @Nullable Encoder<ILoggingEvent> encoder;
  private int capacity = 2_048;
  private @Nullable LineWriter writer;
  // Of the writer's thread.
  private long droppedTold;

  /** What makes lines of events. Set by Logback, before {@link #start}. */
  public void setEncoder(Encoder<ILoggingEvent> lines) {
    encoder = lines;
  }

  /** How many lines may wait. Set by Logback, before {@link #start}. */
  public void setCapacity(int lines) {
    capacity = lines;
  }

  @Override
  public void start() {
    if (encoder == null) {
      addError("The appender " + getName() + " has no encoder.");
      return;
    }
    LineWriter started =
        new LineWriter(new FileOutputStream(FileDescriptor.out), capacity, this::owed);
    started.start();
    writer = started;
    super.start();
  }

  @Override
  public void stop() {
    super.stop();
    if (writer != null) {
      writer.close(LAST_WORDS);
    }
  }

  @Override
  protected void append(ILoggingEvent event) {
    EventLimiter.Kind kind =
        new EventLimiter.Kind(
            event.getLoggerName(), event.getLevel().toString(), String.valueOf(event.getMessage()));
    if (writer != null && encoder != null && limiter.admits(kind, System.nanoTime())) {
      writer.offer(encoder.encode(event));
    }
  }

  /** Waits until what was said is written, at most for {@code patience}. */
  void flush(Duration patience) {
    if (writer != null) {
      writer.flush(patience);
    }
  }

  /** Lines that were lost because nobody read standard output. */
  long dropped() {
    return writer == null ? 0 : writer.dropped();
  }

  /** Lines that were left out because they were too many of a kind. */
  long suppressed() {
    return limiter.suppressed();
  }

  /** Lines about lines that are not there. Writer's thread. */
  private List<byte[]> owed() {
    List<byte[]> lines = new ArrayList<>(0);
    for (EventLimiter.Suppressed each : limiter.settle(System.nanoTime())) {
      lines.add(
          line(
              each.kind().logger(),
              Level.toLevel(each.kind().level()),
              "More like this were left out: " + each.kind().sentence(),
              LogKeys.SUPPRESSED,
              each.count()));
    }
    long dropped = dropped();
    if (dropped > droppedTold) {
      lines.add(
          line(
              ITS_NAME,
              Level.WARN,
              "Lines were lost, because nobody read standard output.",
              LogKeys.DROPPED,
              dropped - droppedTold));
      droppedTold = dropped;
    }
    return lines;
  }

  private byte[] line(String logger, Level level, String sentence, String key, long count) {
    LoggingEvent event = new LoggingEvent();
    event.setLoggerName(logger);
    event.setLevel(level);
    event.setMessage(sentence);
    event.setTimeStamp(System.currentTimeMillis());
    event.setThreadName(Thread.currentThread().getName());
    event.setKeyValuePairs(List.of(new KeyValuePair(key, count)));
    return encoder == null ? new byte[0] : encoder.encode(event);
  }
}
