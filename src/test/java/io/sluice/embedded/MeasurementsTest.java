package io.sluice.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class MeasurementsTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void rateIsTheGrowthPerSecond() {
    Rates rates = new Rates();
    assertThat(rates.perSecond("c", 100, 0)).isEmpty();
    assertThat(rates.perSecond("c", 150, 2 * SECOND)).isEqualTo(OptionalDouble.of(25));
  }

  @Test
  void counterThatStartedAnewHasNoRateUntilItsNextReading() {
    Rates rates = new Rates();
    rates.perSecond("c", 100, 0);
    assertThat(rates.perSecond("c", 10, SECOND)).isEmpty();
    assertThat(rates.perSecond("c", 12, 2 * SECOND)).isEqualTo(OptionalDouble.of(2));
  }

  @Test
  void gatewayCountersBecomeRatesAndTheRestStaysAsItIs() {
    GatewayMeasurements gateway = new GatewayMeasurements();
    gateway.take(Map.of("bytes.sent.total", 1_000), 0);
    assertThat(gateway.take(Map.of("bytes.sent.total", 3_000, "connections", 7), SECOND))
        .containsExactlyInAnyOrder(
            new Measurement("bytes.sent", 2_000, "B/s"), new Measurement("connections", 7, ""));
  }

  @Test
  void processMeasuresItsHeapAndThreads() {
    JvmMeasurements jvm = new JvmMeasurements();
    jvm.take(0);
    List<Measurement> taken = jvm.take(SECOND);
    assertThat(taken)
        .extracting(Measurement::metric)
        .contains("heap.used", "heap.committed", "heap.max", "gc.count", "gc.time", "threads");
    assertThat(value(taken, "heap.used")).isBetween(1d, value(taken, "heap.max"));
    assertThat(value(taken, "threads")).isPositive();
  }

  @Test
  void machineMeasuresItsProcessorsMemoryAndNetwork() {
    HostMeasurements host = new HostMeasurements();
    long start = System.nanoTime();
    host.take(start);
    List<Measurement> taken = host.take(start + SECOND);
    assertThat(taken)
        .extracting(Measurement::metric)
        .contains("cpu.total", "cpu.0", "memory.used", "memory.total", "swap.used")
        .contains("network.received", "network.sent", "network.loopback")
        .doesNotHaveDuplicates();
    assertThat(value(taken, "cpu.0")).isBetween(0d, 100d);
    assertThat(value(taken, "memory.used")).isBetween(1d, value(taken, "memory.total"));
  }

  @Test
  void demoTopicsHaveOnePartitionAndMeasurementsAreKeptShortly() {
    assertThat(DemoTopics.all())
        .allSatisfy(topic -> assertThat(topic.numPartitions()).isEqualTo(1))
        .extracting(topic -> topic.name() + " " + topic.configs().get("retention.ms"))
        .containsExactly(
            "demo.host 600000", "demo.jvm 600000", "demo.gateway 600000", "demo.chat 604800000");
  }

  private static double value(List<Measurement> taken, String metric) {
    return taken.stream()
        .filter(measurement -> measurement.metric().equals(metric))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
