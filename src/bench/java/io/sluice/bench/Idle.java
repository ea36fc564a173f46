package io.sluice.bench;

import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Clients connect, subscribe, and hear nothing: how fast they can in one process, and what memory
 * they take in another, whose heap is kept tight.
 *
 * <p>Memory is the growth from {@link #FEW} clients to all, each time after a collection.
 *
 * @param keyed whether each client subscribes to a key of its own
 */
record Idle(String id, String title, int sockets, boolean keyed, List<Subject> subjects)
    implements Scenario {
  private static final int FEW = 500;

  /**
   * So many connects make code warm: after a tenth of them one still costs several times as much.
   */
  private static final int WARM_CONNECTS = 50_000;

  /** So many before memory is looked at: more would leave more behind than is to be measured. */
  private static final int WARM_CONNECTS_OF_MEMORY = 5_000;

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
    Map<String, Double> numbers = new TreeMap<>();
    try (Running running = subject.start(workshop, work("", all))) {
      LoadPlan plan = warm(WARM_CONNECTS, load, subject, running, topic, all);
      load.plan(plan);
      load.connect(FEW);
      try (Measurement measurement = new Measurement(workshop, running)) {
        numbers.put("connectsPerSecond", load.connect(all));
        numbers.putAll(measurement.resources());
      }
    }
    try (Running running = subject.start(workshop, work(TIGHT_HEAP, all))) {
      LoadPlan plan = warm(WARM_CONNECTS_OF_MEMORY, load, subject, running, topic, all);
      load.plan(plan);
      load.connect(FEW);
      numbers.putAll(growth(load, running, all));
    }
    return numbers;
  }

  private Subject.Work work(String heapFlags, int all) {
    Map<String, String> settings =
        keyed ? Map.of("SLUICE_RELAY_MAX_FEEDS", Integer.toString(2 * all)) : Map.of();
    return new Subject.Work(StampedValue.SMALLEST, 0, Map.of(), heapFlags, settings);
  }

  /** Clients come and go, never more than a few: what is left of them is no growth. */
  private LoadPlan warm(
      int connects, Load load, Subject subject, Running running, String topic, int all) {
    LoadPlan plain =
        LoadPlan.reading(running.ports(), topic, "\"latest\"", StampedValue.SMALLEST, 1).idle();
    LoadPlan plan = subject.clients(keyed ? plain.keyed(topic, all) : plain);
    for (int i = 0; i < connects / FEW; i++) {
      load.plan(plan);
      load.connect(FEW);
    }
    return plan;
  }

  private static Map<String, Double> growth(Load load, Running running, int all) {
    Eventually.pass(SETTLE);
    long heapFew = running.collect();
    long rssFew = running.stat().residentBytes();
    load.connect(all);
    Eventually.pass(SETTLE);
    long heapAll = running.collect();
    long rssAll = running.stat().residentBytes();
    Map<String, Double> numbers = new TreeMap<>();
    numbers.put("endMb", rssAll / 1e6);
    numbers.put("rssPerConnection", (rssAll - rssFew) / (double) (all - FEW));
    if (running.isJvm()) {
      numbers.put("heapPerConnection", (heapAll - heapFew) / (double) (all - FEW));
    }
    return numbers;
  }
}
