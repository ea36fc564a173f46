package io.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.Json;
import io.sluice.testing.Scrape;
import io.sluice.testing.TestClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RELIABILITY R32: a standard output that nobody reads costs log lines and nothing else. */
@Timeout(180)
class UnreadOutputIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What a pipe holds; then whoever writes to it stands. */
  private static final int PIPE_BYTES = 64 * 1024;

  @Test
  void noEventLoopWaitsForALine() throws Exception {
    int port = freePort();
    URI ws = URI.create("ws://127.0.0.1:" + port + "/v1/ws");
    Process process = start(port);
    List<String> watch = new ArrayList<>();
    Thread reader =
        Thread.ofPlatform().daemon().start(() -> read(process.errorReader(UTF_8), watch));
    try {
      Eventually.until(
          () -> isThere(port), PATIENCE, () -> "The gateway does not listen: " + copy(watch));
      try (TestClient client = TestClient.connect(ws)) {
        loseLines(1, client, ws); // every class is loaded, and all that follows is routine
        awaitReport(watch);
        int stallsBefore = stalls(watch).size();

        loseLines(40, client, ws);
        awaitReport(watch);

        // A machine that is short of cores makes some of its own.
        assertThat(stalls(watch).stream().skip(stallsBefore))
            .noneMatch(stall -> stall.contains("io.sluice.logging") || stall.contains("java.io"));
      }
      assertThat(process.isAlive()).isTrue();
      assertThat(firstLineAbout("dropped=", process)).contains("WARN  StandardOutput - ");
    } finally {
      process.destroyForcibly();
      reader.join();
    }
  }

  /**
   * Says things that are worth a line, until {@code wanted} lines are lost; is answered all along.
   */
  private static void loseLines(int wanted, TestClient client, URI ws) {
    HostileClient hostile = new HostileClient(ws.getPort());
    Eventually.until(
        () -> {
          hostile.breakARule();
          hostile.ask("/v1/nothing");
          client.ask(Json.message("ping")).join();
          return Scrape.of(ws).value("sluice_log_dropped_total") >= wanted;
        },
        PATIENCE,
        () -> "Lines were not lost: " + Scrape.of(ws));
  }

  /** Its output is a pipe that is full from the start. */
  private static Process start(int port) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("sh", "-c", "head -c " + PIPE_BYTES + " /dev/zero; exec \"$@\"", "sh"));
    command.addAll(
        ShippedSluice.command(
            "logback-short-queue.xml",
            UnreadSluice.class,
            "-micronaut.server.port=" + port,
            "-kafka.bootstrap.servers=" + Broker.shared().bootstrapServers()));
    return new ProcessBuilder(command).start();
  }

  /** Reads standard output at last. */
  private static String firstLineAbout(String wanted, Process process) throws IOException {
    BufferedReader lines = process.inputReader(UTF_8);
    String line = lines.readLine();
    while (line != null && !line.contains(wanted)) {
      line = lines.readLine();
    }
    return String.valueOf(line);
  }

  /** Waits until the watch over the event loops has reported twice more. */
  private static void awaitReport(List<String> watch) {
    long reports = reports(watch);
    Eventually.until(
        () -> reports(watch) >= reports + 2, PATIENCE, () -> "No report: " + copy(watch));
  }

  private static long reports(List<String> watch) {
    return copy(watch).stream().filter(line -> line.startsWith("WATCH ")).count();
  }

  private static List<String> stalls(List<String> watch) {
    return copy(watch).stream().filter(line -> line.startsWith("STALL ")).toList();
  }

  private static List<String> copy(List<String> lines) {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  private static void read(BufferedReader reader, List<String> lines) {
    reader
        .lines()
        .forEach(line -> {
          synchronized (lines) {
            lines.add(line);
          }
        });
  }

  private static boolean isThere(int port) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
