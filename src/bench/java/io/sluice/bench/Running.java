package io.sluice.bench;

import io.sluice.testing.ChildProcess;
import io.sluice.testing.Eventually;
import io.sluice.testing.Scrape;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * A subject that serves.
 *
 * @param processes it: one, or gateways that divide the clients
 * @param ports where each of them listens, on loopback
 * @param isJvm whether they can be asked what they allocate
 */
record Running(List<ChildProcess> processes, List<Integer> ports, boolean isJvm)
    implements AutoCloseable {
  /** One that says its port as all baselines do; returns when it has. */
  static Running baseline(ChildProcess process, boolean isJvm) {
    String line = process.awaitLine(said -> said.startsWith(ServerProcess.PORT), Subject.START);
    int port = Integer.parseInt(line.substring(ServerProcess.PORT.length()).trim());
    return new Running(List.of(process), List.of(port), isJvm);
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
