package io.sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a subject takes, and what everything around it takes, from when this is made. One thread.
 */
final class Measurement implements AutoCloseable {
  private static final double MEGABYTE = 1e6;

  /** Names of what tells how late records came. */
  static final List<String> LATENCIES =
      List.of("p50ms", "p99ms", "p999ms", "maxms", "meanms", "sampled");

  /** Names of what the load generator tells of what came, beside how late it was. */
  private static final List<String> TOLD =
      List.of("recordsPerMessage", "slowestShare", "gapShare", "newClientMs", "newClientMaxMs");

  private final Workshop workshop;
  private final Running running;
  private final List<JvmProbe> probes;
  private final long allocatedBefore;
  private final double machineBefore;
  private final double controllerBefore;
  private final double brokerBefore;
  private final double cpuBefore;

  Measurement(Workshop workshop, Running running) {
    this.workshop = workshop;
    this.running = running;
    this.probes =
        running.isJvm()
            ? running.processes().stream().map(each -> JvmProbe.attach(each.pid())).toList()
            : List.of();
    this.allocatedBefore = allocatedBytes();
    this.machineBefore = ProcStat.machineCpuSeconds();
    this.controllerBefore = ProcStat.self().cpuSeconds();
    this.brokerBefore = workshop.brokerCpuSeconds();
    this.cpuBefore = running.stat().cpuSeconds(); // last: being asked costs a JVM something
  }

  /** Everything, by the names of {@link RunResult}, of the run of which {@code came} tells. */
  Map<String, Double> read(JsonNode came) {
    Map<String, Double> numbers = new TreeMap<>(resources());
    double cpu = running.stat().cpuSeconds() - cpuBefore;
    double broker = workshop.brokerCpuSeconds() - brokerBefore;
    double controller = ProcStat.self().cpuSeconds() - controllerBefore;
    double load = came.path("loadCpuSeconds").asDouble();
    double machine = ProcStat.machineCpuSeconds() - machineBefore;
    numbers.put("brokerCpuSeconds", broker);
    numbers.put("controllerCpuSeconds", controller);
    numbers.put("loadCpuSeconds", load);
    numbers.put("othersCpuSeconds", Math.max(0, machine - cpu - broker - controller - load));
    double deliveries = came.path("deliveries").asDouble();
    numbers.putAll(rates(came, cpu));
    if (deliveries > 0 && !probes.isEmpty()) {
      numbers.put("allocatedPerDelivery", (allocatedBytes() - allocatedBefore) / deliveries);
    }
    return numbers;
  }

  private long allocatedBytes() {
    return probes.stream().mapToLong(JvmProbe::allocatedBytes).sum();
  }

  /** The subject's own, where nothing is delivered. */
  Map<String, Double> resources() {
    ProcStat stat = running.stat();
    return Map.of(
        "cpuSeconds", stat.cpuSeconds() - cpuBefore,
        "peakMb", stat.peakBytes() / MEGABYTE,
        "endMb", stat.residentBytes() / MEGABYTE);
  }

  /** How many deliveries there were, how fast, at what cost, and how late. */
  static Map<String, Double> rates(JsonNode came, double cpuSeconds) {
    double deliveries = came.path("deliveries").asDouble();
    double took = came.path("seconds").asDouble();
    Map<String, Double> numbers = new TreeMap<>();
    numbers.put("deliveries", deliveries);
    numbers.put("seconds", took);
    numbers.put("deliveriesPerSecond", deliveries / took);
    if (deliveries > 0 && cpuSeconds > 0) {
      numbers.put("deliveriesPerCpuSecond", deliveries / cpuSeconds);
    }
    if (cpuSeconds > 0) {
      numbers.put("gatewayCpuShare", cpuSeconds / took);
    }
    Stream.concat(LATENCIES.stream(), TOLD.stream())
        .filter(came::has)
        .forEach(name -> numbers.put(name, came.path(name).asDouble()));
    return numbers;
  }

  @Override
  public void close() {
    probes.forEach(JvmProbe::close);
  }
}
