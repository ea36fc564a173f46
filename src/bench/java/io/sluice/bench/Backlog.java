package io.sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everybody asks for the same backlog at once, and takes it as fast as it comes.
 *
 * <p>How many records of it a subject is measured with follows from how fast it was before, so that
 * each is measured for about as long; each socket gets each of them.
 *
 * @param stored the most records that a socket can be given
 * @param spread whether each socket has a position of its own, all of them in the first half; else
 *     all begin at the first record
 */
record Backlog(
    String id,
    String title,
    int sockets,
    int valueBytes,
    int stored,
    boolean spread,
    List<Subject> subjects)
    implements Scenario {
  private static final String TOPIC = "bench-backlog";
  private static final int WARM_SOCKETS = 100;

  /** Below that a run would be over before it was one. */
  private static final int FEWEST_RECORDS = 100;

  @Override
  public void prepare(Workshop workshop) {
    if (workshop.topics().names().contains(TOPIC)) {
      return; // another scenario has made it
    }
    for (String topic : List.of(WARM, TOPIC)) {
      workshop.topics().createNamed(topic, 1, Map.of());
      try (Feed feed = new Feed(workshop.brokers(), 10)) {
        feed.fill(topic, valueBytes, stored);
      }
    }
  }

  @Override
  public Map<String, Double> run(Workshop workshop, Load load, Subject subject) {
    int readers = workshop.options().scaled(sockets);
    int seconds = workshop.options().seconds();
    Subject.Work work =
        new Subject.Work(valueBytes, stored, Map.of(WARM, WARM_SOCKETS, TOPIC, readers), "");
    try (Running running = subject.start(workshop, work)) {
      load.plan(reading(running, WARM, stored).within(workshop.options().warmSeconds()));
      load.connect(WARM_SOCKETS);
      load.go();
      JsonNode warm = load.finish();
      learnRate(workshop, subject, warm);
      double rate = workshop.bestRate(id, subject.name());
      long records = Math.clamp((long) (rate * seconds / readers), FEWEST_RECORDS, stored);

      LoadPlan plan = reading(running, TOPIC, records).within(seconds * 10 + 30);
      load.plan(
          spread ? plan.spread(TOPIC, readers, Math.max(1, (int) (records / 2 / readers))) : plan);
      load.connect(readers);
      try (Measurement measurement = new Measurement(workshop, running)) {
        load.go();
        JsonNode came = load.finish();
        if (!came.path("complete").asBoolean()) {
          throw new BenchException(
              "only %d of %d sockets got all %d records in time"
                  .formatted(came.path("finished").asInt(), readers, records));
        }
        Map<String, Double> numbers = new TreeMap<>(measurement.read(came));
        Measurement.LATENCIES.forEach(numbers::remove); // everything was due long ago
        learnRate(workshop, subject, came);
        return numbers;
      }
    }
  }

  private void learnRate(Workshop workshop, Subject subject, JsonNode came) {
    double rate = came.path("deliveries").asDouble() / came.path("seconds").asDouble();
    workshop.learnRate(id, subject.name(), rate);
  }

  private LoadPlan reading(Running running, String topic, long records) {
    return LoadPlan.reading(running.port(), topic, "\"earliest\"", valueBytes, records)
        .subscribingTogether();
  }
}
