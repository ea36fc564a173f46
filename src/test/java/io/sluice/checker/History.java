package io.sluice.checker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one client did and saw, in order; in memory, and in a file too where it has to outlive its
 * process. Any thread may append: the order of the calls is the order of events.
 */
public final class History implements AutoCloseable {
  private final String client;
  private final List<HistoryEvent> events = new ArrayList<>();
  private final @Nullable Writer file;

  private History(String client, @Nullable Writer file) {
    this.client = client;
    this.file = file;
  }

  /** A history of {@code client} that lives as long as this process. */
  public static History inMemory(String client) {
    return new History(client, null);
  }

  /**
   * A history that is also written to {@code path}, line by line, so that a killed process leaves
   * what it saw.
   */
  public static History inFile(String client, Path path) {
    try {
      return new History(
          client,
          Files.newBufferedWriter(
              path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads the history that another process wrote; its last line is left out where it was cut by the
   * process's end.
   */
  public static History read(String client, Path path) {
    History history = inMemory(client);
    try {
      String text = Files.readString(path);
      int start = 0;
      for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        history.append(HistoryLine.read(text.substring(start, end)));
        start = end + 1;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return history;
  }

  /** Whose history this is. */
  public String client() {
    return client;
  }

  /** Now, as {@link HistoryEvent#at} counts it. */
  public static long now() {
    return System.nanoTime();
  }

  /** Adds what happened last. */
  public synchronized void append(HistoryEvent event) {
    events.add(event);
    if (file != null) {
      try {
        file.write(HistoryLine.write(event) + "\n");
        file.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** All of it so far. */
  public synchronized List<HistoryEvent> events() {
    return List.copyOf(events);
  }

  @Override
  public synchronized void close() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public String toString() {
    return client + ": " + events().size() + " events";
  }
}
