package io.sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.testing.Broker;
import io.sluice.testing.ChildProcess;
import io.sluice.testing.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Clients publish, each the next record as soon as one of its own is acknowledged.
 *
 * @param inFlight how many records of a client are unacknowledged
 */
record Publishing(
    String id, String title, int clients, int inFlight, int valueBytes, List<Subject> subjects)
    implements Scenario {
  @Override
  public void prepare(Workshop workshop) {}

  @Override
  public Map<String, Double> run(Workshop workshop, Load load, Subject subject) {
    String topic = Broker.uniqueName("publish");
    workshop.topics().createNamed(topic, 1, Map.of());
    try {
      return subject instanceof Subject.Bare
          ? produce(workshop, topic)
          : publish(workshop, load, subject, topic);
    } finally {
      workshop.topics().delete(topic); // some hundred megabytes
    }
  }

  private Map<String, Double> publish(Workshop workshop, Load load, Subject subject, String topic) {
    int publishers = workshop.options().scaled(clients);
    int seconds = workshop.options().seconds();
    int warmSeconds = workshop.options().warmSeconds();
    Subject.Work work = Subject.Work.live(valueBytes);
    try (Running running = subject.start(workshop, work)) {
      load.plan(LoadPlan.publishing(running.ports(), topic, valueBytes, inFlight, 2 * warmSeconds));
      load.connect(publishers);
      load.go();
      load.finish();

      load.plan(LoadPlan.publishing(running.ports(), topic, valueBytes, inFlight, seconds));
      load.connect(publishers);
      try (Measurement measurement = new Measurement(workshop, running)) {
        load.go();
        return measurement.read(load.finish());
      }
    }
  }

  private Map<String, Double> produce(Workshop workshop, String topic) {
    try (ChildProcess process =
        workshop.java(
            "bare",
            BareProducer.class,
            "-Xmx512m",
            workshop.brokers(),
            topic,
            Integer.toString(valueBytes),
            Integer.toString(workshop.options().scaled(clients) * inFlight),
            Integer.toString(workshop.options().seconds()))) {
      JsonNode came =
          Json.read(
              process.awaitLine(
                  line -> line.startsWith("{"),
                  Duration.ofSeconds(60L + workshop.options().seconds())));
      if (!came.path("fault").asText().isEmpty()) {
        throw new BenchException(came.path("fault").asText());
      }
      double cpu = came.path("cpuSeconds").asDouble();
      Map<String, Double> numbers = new TreeMap<>(Measurement.rates(came, cpu));
      numbers.put("cpuSeconds", cpu);
      return numbers;
    }
  }
}
