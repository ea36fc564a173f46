package io.sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Clients of a live topic, who hear each record while others do something else to the gateway: how
 * late it is before, and while. They are a load generator's process of their own, so that they wait
 * for no other client. One thread.
 */
final class LiveCrowd implements AutoCloseable {
  private static final int SOCKETS = 100;
  private static final double RATE = 50;
  private static final int VALUE_BYTES = 200;

  /** Until whatever is compiled at the beginning is compiled. */
  private static final Duration BEGINNING = Duration.ofSeconds(2);

  private final Workshop workshop;
  private final Load load;
  private final Thread feeding;
  private final AtomicBoolean wanted = new AtomicBoolean(true);
  private final Map<String, Double> numbers = new HashMap<>();

  /** They are subscribed, and records come, when this returns. */
  LiveCrowd(Workshop workshop, Subject subject, Running running) {
    this.workshop = workshop;
    this.load = new Load(workshop);
    String topic = Broker.uniqueName("live");
    workshop.topics().createNamed(topic, 1, Map.of());
    load.plan(
        subject.clients(
            LoadPlan.reading(running.ports(), topic, "\"latest\"", VALUE_BYTES, Long.MAX_VALUE)
                .sampling(1)));
    load.connect(SOCKETS);
    feeding = Thread.ofPlatform().daemon().name("live-feed").start(() -> feed(topic));
    load.go();
  }

  private void feed(String topic) {
    try (Feed feed = new Feed(workshop.brokers(), 0)) {
      feed.paceWhile(topic, VALUE_BYTES, RATE, wanted::get);
    }
  }

  /** Measures them for {@code seconds} seconds in which nothing else goes on. */
  void before(int seconds) {
    Eventually.pass(BEGINNING);
    load.go(); // latencies are counted anew
    Eventually.pass(Duration.ofSeconds(seconds));
    tell("calm", load.report());
  }

  /** What is about to begin is measured from here. */
  void begin() {
    load.go();
  }

  /** What was begun has ended. */
  void end() {
    tell("live", load.report());
  }

  private void tell(String when, JsonNode came) {
    numbers.put(when + "P50ms", came.path("p50ms").asDouble());
    numbers.put(when + "P99ms", came.path("p99ms").asDouble());
  }

  /** What was measured, and how much later the 99th percentile is than in calm. */
  Map<String, Double> numbers() {
    numbers.put(
        "liveP99Ratio",
        numbers.getOrDefault("liveP99ms", 0.0) / numbers.getOrDefault("calmP99ms", 1.0));
    return Map.copyOf(numbers);
  }

  @Override
  public void close() {
    wanted.set(false);
    try {
      feeding.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    load.close();
  }
}
