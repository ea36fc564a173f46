package io.sluice.browser;

import io.sluice.testing.Prerequisite;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Programs that are written in JavaScript, run by the Node of this machine. */
final class Node {
  /** What the gateway serves as {@code /sluice.js}: the client's modules in one file. */
  static final Path ONE_FILE = Path.of("target/classes/public/sluice.js").toAbsolutePath();

  /** The first Node that takes a {@code .js} file with {@code import} for a module by itself. */
  private static final int[] OLDEST = {20, 19};

  private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\..*");
  private static final long DEADLINE_SECONDS = 180;

  private Node() {}

  /** How a program ended, and all that it wrote. */
  record Result(int exitCode, String output) {}

  /** Skips the test where there is no Node, or too old a one. */
  static void require() {
    Optional<String> version =
        run(List.of("node", "--version"), Map.of()).map(result -> result.output().strip());
    Prerequisite.require(version.isPresent(), "node is not installed: this JavaScript was not run");
    Prerequisite.require(
        isRecentEnough(version.get()),
        () -> "node " + version.get() + " is older than 20.19: this JavaScript was not run");
  }

  private static boolean isRecentEnough(String version) {
    Matcher parts = VERSION.matcher(version);
    if (!parts.matches()) {
      return false;
    }
    int major = Integer.parseInt(parts.group(1));
    int minor = Integer.parseInt(parts.group(2));
    return major > OLDEST[0] || (major == OLDEST[0] && minor >= OLDEST[1]);
  }

  /**
   * Runs tests under Node's own test runner, with a WebSocket.
   *
   * @param environment variables that the tests read
   */
  static Result test(List<Path> files, Map<String, String> environment) {
    List<String> command =
        new ArrayList<>(
            List.of("node", "--experimental-websocket", "--test", "--test-reporter=tap"));
    files.forEach(file -> command.add(file.toString()));
    return run(command, environment).orElseThrow();
  }

  /** Runs a command to its end; empty when there is no such program. */
  static Optional<Result> run(List<String> command, Map<String, String> environment) {
    try {
      Path output = Files.createTempFile("sluice-node", ".out");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process;
        try {
          process = builder.start();
        } catch (IOException noSuchProgram) {
          return Optional.empty();
        }
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError(
              command
                  + " took longer than "
                  + DEADLINE_SECONDS
                  + " s:\n"
                  + Files.readString(output));
        }
        return Optional.of(
            new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8)));
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while waiting for " + command, e);
    }
  }

  /** A program that goes on until it is closed, and whose first line says where it listens. */
  static final class Server implements AutoCloseable {
    private final Process process;
    private final String address;

    private Server(Process process, String address) {
      this.process = process;
      this.address = address;
    }

    /** Starts it and waits for its address. */
    static Server start(String... arguments) {
      List<String> command = new ArrayList<>(List.of("node"));
      command.addAll(Arrays.asList(arguments));
      try {
        Process process =
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        BufferedReader output =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String address = output.readLine();
        if (address == null) {
          throw new AssertionError(command + " ended with " + process.waitFor());
        }
        return new Server(process, address);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("Interrupted while starting " + command, e);
      }
    }

    /** Its first line, such as {@code http://127.0.0.1:1234}. */
    String address() {
      return address;
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
