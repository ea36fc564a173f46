package io.sluice.bench;

import io.sluice.testing.ChildProcess;
import io.sluice.testing.Eventually;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A subject that serves.
 *
 * @param process it
 * @param port where, on loopback
 * @param isJvm whether it can be asked what it allocates
 */
record Running(ChildProcess process, int port, boolean isJvm) implements AutoCloseable {
  private static final double MEGABYTE = 1e6;

  /** One that says its port as all baselines do; returns when it has. */
  static Running baseline(ChildProcess process, boolean isJvm) {
    String line =
        process.awaitLine(said -> said.startsWith(ServerProcess.PORT), Subject.START);
    return new Running(
        process, Integer.parseInt(line.substring(ServerProcess.PORT.length()).trim()), isJvm);
  }

  ProcStat stat() {
    return ProcStat.of(process.pid());
  }

  /** Starts to count what it takes. */
  Meter meter() {
    return new Meter(this);
  }

  @Override
  public void close() {
    process.close();
  }

  /** What a process took since this was made. */
  static final class Meter implements AutoCloseable {
    private final Running running;
    private final @Nullable JvmProbe probe;
    private final long allocatedBefore;
    private final double cpuBefore;

    private Meter(Running running) {
      this.running = running;
      this.probe = running.isJvm() ? JvmProbe.attach(running.process().pid()) : null;
      this.allocatedBefore = probe == null ? 0 : probe.allocatedBytes();
      this.cpuBefore = running.stat().cpuSeconds(); // last: being asked costs a JVM something
    }

    /** By the names of {@link RunResult}; per delivery where there were any. */
    Map<String, Double> read(double deliveries) {
      ProcStat stat = running.stat();
      Map<String, Double> numbers = new TreeMap<>();
      double cpu = stat.cpuSeconds() - cpuBefore;
      numbers.put("cpuSeconds", cpu);
      numbers.put("peakMb", stat.peakBytes() / MEGABYTE);
      numbers.put("endMb", stat.residentBytes() / MEGABYTE);
      if (deliveries > 0 && cpu > 0) {
        numbers.put("deliveriesPerCpuSecond", deliveries / cpu);
      }
      if (deliveries > 0 && probe != null) {
        numbers.put(
            "allocatedPerDelivery", (probe.allocatedBytes() - allocatedBefore) / deliveries);
      }
      return numbers;
    }

    @Override
    public void close() {
      if (probe != null) {
        probe.close();
      }
    }
  }

  /** Collects garbage as the runtime can; returns the bytes of heap that are left, 0 if unknown. */
  long collect() {
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
