package io.sluice.bench;

import io.sluice.testing.ChildProcess;
import io.sluice.testing.Eventually;
import io.sluice.testing.Scrape;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A subject that serves.
 *
 * @param processes it: one, or gateways that divide the clients
 * @param ports where each of them listens, on loopback
 * @param isJvm whether they can be asked what they allocate
 */
record Running(List<ChildProcess> processes, List<Integer> ports, boolean isJvm)
    implements AutoCloseable {
  /** Long enough for an installation of packages that compiles. */
  private static final Duration START = Duration.ofSeconds(60);

  /**
   * Returns when all of {@code processes} have said their ports; where one does not in time, all
   * are ended, or they would disturb the runs that follow.
   *
   * @param saysPort finds the port in the line that tells it, as its first group
   */
  static Running awaiting(List<ChildProcess> processes, Pattern saysPort, boolean isJvm) {
    try {
      return new Running(
          processes, processes.stream().map(each -> port(each, saysPort)).toList(), isJvm);
    } catch (RuntimeException | AssertionError e) {
      processes.forEach(ChildProcess::close);
      throw e;
    }
  }

  private static int port(ChildProcess process, Pattern saysPort) {
    Matcher said =
        saysPort.matcher(process.awaitLine(line -> saysPort.matcher(line).find(), START));
    if (!said.find()) {
      throw new IllegalStateException("The line that tells the port has none.");
    }
    return Integer.parseInt(said.group(1));
  }

  /** One that says its port as all baselines do. */
  static Running baseline(ChildProcess process, boolean isJvm) {
    return awaiting(List.of(process), ServerProcess.SAYS_PORT, isJvm);
  }

  /** Of all processes together. */
  ProcStat stat() {
    return processes.stream()
        .map(process -> ProcStat.of(process.pid()))
        .reduce(ProcStat::plus)
        .orElseThrow();
  }

  /** A metric of the gateway, without labels, of all processes together. */
  double metric(String name) {
    return ports.stream()
        .mapToDouble(port -> Scrape.of(URI.create("http://127.0.0.1:" + port)).value(name))
        .sum();
  }

  @Override
  public void close() {
    processes.forEach(ChildProcess::close);
  }

  /** Collects garbage as the runtime can; returns the bytes of heap that are left, 0 if unknown. */
  long collect() {
    return processes.stream().mapToLong(this::collect).sum();
  }

  private long collect(ChildProcess process) {
    if (isJvm) {
      try (JvmProbe probe = JvmProbe.attach(process.pid())) {
        probe.heapAfterCollection();
        return probe.heapAfterCollection();
      }
    }
    process.signal("USR2");
    Eventually.pass(Duration.ofSeconds(2));
    return 0;
  }
}
