package io.sluice.bench;

import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Clients connect, subscribe, and hear nothing.
 *
 * <p>Memory is the growth from {@link #FEW} clients to all, each time after a collection.
 *
 * @param keyed whether each client subscribes to a key of its own
 */
record Idle(String id, String title, int sockets, boolean keyed, List<Subject> subjects)
    implements Scenario {
  private static final int FEW = 500;
  private static final int WARM_UPS = 10;

  /**
   * Memory that is free again goes back to the system, so that its growth is that of what is used.
   */
  private static final String TIGHT_HEAP = "-XX:MinHeapFreeRatio=5 -XX:MaxHeapFreeRatio=10";

  private static final Duration SETTLE = Duration.ofSeconds(2);

  @Override
  public void prepare(Workshop workshop) {}

  @Override
  public Map<String, Double> run(Workshop workshop, Load load, Subject subject) {
    String topic = Broker.uniqueName("idle");
    workshop.topics().createNamed(topic, 1, Map.of());
    int all = Math.max(workshop.options().scaled(sockets), 2 * FEW);
    Map<String, String> settings =
        keyed ? Map.of("SLUICE_RELAY_MAX_FEEDS", Integer.toString(2 * all)) : Map.of();
    Subject.Work work = new Subject.Work(StampedValue.SMALLEST, 0, Map.of(), TIGHT_HEAP, settings);
    try (Running running = subject.start(workshop, work)) {
      LoadPlan plain =
          LoadPlan.reading(running.ports(), topic, "\"latest\"", StampedValue.SMALLEST, 1).idle();
      LoadPlan plan = subject.clients(keyed ? plain.keyed(topic, all) : plain);
      for (int i = 0; i < WARM_UPS; i++) { // never more than FEW: what is left of them is no growth
        load.plan(plan);
        load.connect(FEW);
      }
      Eventually.pass(SETTLE);
      long heapFew = running.collect();
      long rssFew = running.stat().residentBytes();
      try (Measurement measurement = new Measurement(workshop, running)) {
        double rate = load.connect(all);
        Map<String, Double> numbers = new TreeMap<>(measurement.resources());
        Eventually.pass(SETTLE);
        long heapAll = running.collect();
        ProcStat stat = running.stat();
        numbers.put("connectsPerSecond", rate);
        numbers.put("endMb", stat.residentBytes() / 1e6);
        numbers.put("rssPerConnection", (stat.residentBytes() - rssFew) / (double) (all - FEW));
        if (running.isJvm()) {
          numbers.put("heapPerConnection", (heapAll - heapFew) / (double) (all - FEW));
        }
        return numbers;
      }
    }
  }
}
