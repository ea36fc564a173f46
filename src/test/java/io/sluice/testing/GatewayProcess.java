package io.sluice.testing;

import io.sluice.app.ProbedSluice;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A gateway in a process of its own, from the test's class path, which can be killed, frozen and
 * told to end. Its output is kept, and shown where something that was waited for did not come.
 */
public final class GatewayProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Pattern READY =
      Pattern.compile("Sluice is ready after .*: https?://[^:]+:(\\d+) ");

  private final Broker broker;
  private final Map<String, String> settings;
  private final Process process;
  private final Thread killer;
  private final List<String> output = new ArrayList<>();
  private final int port;

  private GatewayProcess(Broker broker, int wantedPort, Map<String, String> settings) {
    this.broker = broker;
    this.settings = settings;
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ownFlags());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            ProbedSluice.class.getName()));
    command.addAll(List.of(Gateway.arguments(broker, wantedPort, settings)));
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    killer = new Thread(process::destroyForcibly, "kill-gateway");
    Runtime.getRuntime().addShutdownHook(killer);
    Thread.ofPlatform().daemon().name("gateway-output").start(this::keepOutput);
    Matcher ready = READY.matcher(awaitLine(line -> READY.matcher(line).find(), START));
    if (!ready.find()) {
      throw new IllegalStateException("The line that tells the port has none.");
    }
    port = Integer.parseInt(ready.group(1));
  }

  /** Starts one on a free port; returns when it serves. */
  public static GatewayProcess start(Broker broker, Map<String, String> settings) {
    return new GatewayProcess(broker, -1, settings);
  }

  /** Starts one on a free port with its defaults. */
  public static GatewayProcess start(Broker broker) {
    return start(broker, Map.of());
  }

  /** Starts another like this one, which has ended, on the same port. */
  public GatewayProcess again() {
    return new GatewayProcess(broker, port, settings);
  }

  /** Flags that the build gives to every JVM, which tests run with too. */
  private static List<String> ownFlags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--") || flag.startsWith("-XX:+UseCompact"))
        .toList();
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

  /** Where the protocol is spoken. */
  public URI ws() {
    return Gateway.ws(port);
  }

  /** SIGKILL; returns when it is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitExit(Duration.ofSeconds(10));
  }

  /** SIGTERM; returns at once. */
  public void terminate() {
    process.destroy();
  }

  /** SIGSTOP: it stays, and does nothing. */
  public void freeze() {
    signal("-STOP");
  }

  /** SIGCONT: it goes on. */
  public void thaw() {
    signal("-CONT");
  }

  private void signal(String signal) {
    try {
      new ProcessBuilder("kill", signal, Long.toString(process.pid()))
          .inheritIO()
          .start()
          .onExit()
          .join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for its end and returns the exit code. */
  public int awaitExit(Duration deadline) {
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("The gateway did not end within " + deadline + ":\n" + text());
      }
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
        () -> "The gateway did not say what was waited for:\n" + text());
    return output().stream()
        .filter(wanted)
        .findFirst()
        .orElseThrow(() -> new AssertionError("The gateway ended:\n" + text()));
  }

  /** What it has said so far. */
  public List<String> output() {
    synchronized (output) {
      return List.copyOf(output);
    }
  }

  private String text() {
    return String.join("\n", output());
  }

  /** Kills it. */
  @Override
  public void close() {
    kill();
    Runtime.getRuntime().removeShutdownHook(killer);
  }

  @Override
  public String toString() {
    return "gateway process " + process.pid() + " at " + ws() + ", which has said:\n" + text();
  }
}
