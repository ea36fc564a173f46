package io.sluice.embedded;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;

/** What this Java process is doing: heap, collector, threads, processor. Used by one thread. */
final class JvmMeasurements {
  private final Rates rates = new Rates();

  /**
   * Measures now. Rates are means since the measurement before, so the first one has none.
   *
   * @param nanos now, on the clock of {@link System#nanoTime()}
   */
  List<Measurement> take(long nanos) {
    List<Measurement> taken = new ArrayList<>();
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    taken.add(new Measurement("heap.used", heap.getUsed(), "B"));
    taken.add(new Measurement("heap.committed", heap.getCommitted(), "B"));
    if (heap.getMax() >= 0) { // -1 = no limit
      taken.add(new Measurement("heap.max", heap.getMax(), "B"));
    }

    long collections = 0;
    long millis = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      collections += Math.max(0, collector.getCollectionCount()); // -1 = undefined
      millis += Math.max(0, collector.getCollectionTime());
    }
    addRate(taken, "gc.count", collections, nanos, "1/s");
    addRate(taken, "gc.time", millis, nanos, "ms/s");

    taken.add(new Measurement("threads", ManagementFactory.getThreadMXBean().getThreadCount(), ""));
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      double load = system.getProcessCpuLoad(); // 0 to 1 of all processors
      if (load >= 0) { // Negative: not yet known.
        taken.add(new Measurement("cpu.process", load * 100, "%"));
      }
    }
    return taken;
  }

  private void addRate(
      List<Measurement> taken, String metric, long count, long nanos, String unit) {
    rates
        .perSecond(metric, count, nanos)
        .ifPresent(rate -> taken.add(new Measurement(metric, rate, unit)));
  }
}
