package io.sluice.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A process that a test starts and that ends with it. Its output is kept, and shown where something
 * that was waited for did not come.
 */
public final class ChildProcess implements AutoCloseable {
  private static final Duration DYING = Duration.ofSeconds(10);

  /** For the output's last lines; a process that it left behind may hold it open for longer. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final String name;
  private final Process process;
  private final Thread killer;
  private final Thread reader;
  private final List<String> output = new ArrayList<>();

  private ChildProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.killer = new Thread(process::destroyForcibly, "kill-" + name);
    Runtime.getRuntime().addShutdownHook(killer);
    this.reader = Thread.ofPlatform().daemon().name(name + "-output").start(this::keepOutput);
  }

  /** Starts {@code command}, called {@code name} in what a failed test says. */
  public static ChildProcess start(String name, List<String> command) {
    return start(name, command, Map.of());
  }

  /** As {@link #start(String, List)}, with variables beside those of this process. */
  public static ChildProcess start(
      String name, List<String> command, Map<String, String> variables) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(variables);
    try {
      return new ChildProcess(name, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the program {@code name} is installed, on the path or among the system's own. */
  public static Optional<Path> program(String name) {
    return Stream.concat(
            Stream.of(System.getenv().getOrDefault("PATH", "").split(":")),
            Stream.of("/usr/sbin", "/usr/local/sbin"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private void keepOutput() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (output) {
          output.add(line);
        }
      }
    } catch (IOException e) {
      synchronized (output) {
        output.add("The output was cut: " + e);
      }
    }
  }

  /** Its number among the system's processes. */
  public long pid() {
    return process.pid();
  }

  /** Gives it one line of standard input. */
  public void say(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL; returns when it is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitExit(DYING);
  }

  /** SIGTERM; returns at once. */
  public void terminate() {
    process.destroy();
  }

  /** Sends a signal, such as {@code STOP}. */
  public void signal(String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
          .inheritIO()
          .start()
          .onExit()
          .join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for its end, and for what it said last, and returns the exit code. */
  public int awaitExit(Duration deadline) {
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("It did not end within " + deadline + ": " + this);
      }
      var unused = reader.join(LAST_WORDS);
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("The test was interrupted.", e);
    }
  }

  /** The first line of its output that is {@code wanted}. */
  public String awaitLine(Predicate<String> wanted, Duration deadline) {
    Eventually.until(
        () -> output().stream().anyMatch(wanted) || !process.isAlive(),
        deadline,
        () -> "What was waited for was not said: " + this);
    return output().stream()
        .filter(wanted)
        .findFirst()
        .orElseThrow(() -> new AssertionError("It ended: " + this));
  }

  /** What it has said so far. */
  public List<String> output() {
    synchronized (output) {
      return List.copyOf(output);
    }
  }

  /** Kills it. */
  @Override
  public void close() {
    kill();
    Runtime.getRuntime().removeShutdownHook(killer);
  }

  @Override
  public String toString() {
    return name
        + " (process "
        + process.pid()
        + "), which has said:\n"
        + String.join("\n", output());
  }
}
