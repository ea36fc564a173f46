package io.sluice.bench;

import io.sluice.testing.ChildProcess;
import io.sluice.testing.Eventually;
import java.time.Duration;

/**
 * A subject that serves.
 *
 * @param process it
 * @param port where, on loopback
 * @param isJvm whether it can be asked what it allocates
 */
record Running(ChildProcess process, int port, boolean isJvm) implements AutoCloseable {
  /** One that says its port as all baselines do; returns when it has. */
  static Running baseline(ChildProcess process, boolean isJvm) {
    String line = process.awaitLine(said -> said.startsWith(ServerProcess.PORT), Subject.START);
    return new Running(
        process, Integer.parseInt(line.substring(ServerProcess.PORT.length()).trim()), isJvm);
  }

  ProcStat stat() {
    return ProcStat.of(process.pid());
  }

  @Override
  public void close() {
    process.close();
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
