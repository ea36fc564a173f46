package io.sluice.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How long a start of the distribution takes, from the command to an open port, with its cache and
 * without, by turns; medians. Run by hand:
 *
 * <pre>java -cp target/test-classes io.sluice.testing.StartTimes [unpacked distribution] [starts]
 * </pre>
 */
public final class StartTimes {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Nobody listens there: a start does not wait for brokers. */
  private static final String NO_BROKERS = "127.0.0.1:9";

  private record Start(Duration open, Duration cpu) {}

  private final Path script;
  private final int port = Balancer.freePort();

  private StartTimes(Path home) {
    this.script = home.resolve("bin/sluice");
  }

  /** See the class. */
  public static void main(String[] args) throws IOException, InterruptedException {
    StartTimes times = new StartTimes(Path.of(args[0]));
    int starts = Integer.parseInt(args[1]);
    int made = new ProcessBuilder(times.script.toString(), "cache").inheritIO().start().waitFor();
    if (made != 0) {
      System.exit(made);
    }
    List<Start> without = new ArrayList<>();
    List<Start> with = new ArrayList<>();
    for (int i = 0; i < starts; i++) {
      without.add(times.start("-XX:AOTMode=off"));
      with.add(times.start("-XX:AOTMode=on"));
    }
    print("without", without);
    print("with", with);
  }

  private static void print(String what, List<Start> starts) {
    System.out.printf(
        "%s: port open after %d ms, CPU %d ms; each %s%n",
        what,
        median(starts, Start::open),
        median(starts, Start::cpu),
        starts.stream().map(start -> start.open.toMillis()).toList());
  }

  private static long median(List<Start> starts, Function<Start, Duration> of) {
    return starts.stream().map(of).sorted().toList().get(starts.size() / 2).toMillis();
  }

  private Start start(String mode) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(script.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("SLUICE_JAVA_OPTS", mode);
    builder.environment().put("SLUICE_SHUTDOWN_DELAY", "0s");
    builder.environment().put("KAFKA_BOOTSTRAP_SERVERS", NO_BROKERS);
    builder.environment().put("MICRONAUT_SERVER_PORT", Integer.toString(port));
    long began = System.nanoTime();
    Process process = builder.start();
    try {
      Eventually.until(
          () -> isOpen() || !process.isAlive(), PATIENCE, () -> "The port does not open.");
      Duration open = Duration.ofNanos(System.nanoTime() - began);
      if (!process.isAlive()) {
        throw new IllegalStateException("It ended with " + process.exitValue() + ".");
      }
      return new Start(open, process.info().totalCpuDuration().orElse(Duration.ZERO));
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private boolean isOpen() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }
}
