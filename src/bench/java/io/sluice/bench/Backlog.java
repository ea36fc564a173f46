package io.sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.testing.Broker;
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
 * @param watched whether a {@link LiveCrowd} is there meanwhile, and reads of Kafka are counted:
 *     then the backlog is a topic of its own, with nothing behind its last record
 */
record Backlog(
    String id,
    String title,
    int sockets,
    int valueBytes,
    int stored,
    boolean spread,
    boolean watched,
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
      fill(workshop, topic, stored);
    }
  }

  private void fill(Workshop workshop, String topic, long records) {
    workshop.topics().createNamed(topic, 1, Map.of());
    try (Feed feed = new Feed(workshop.brokers(), 10)) {
      feed.fill(topic, valueBytes, records);
    }
  }

  @Override
  public Map<String, Double> run(Workshop workshop, Load load, Subject subject) {
    int readers = workshop.options().scaled(sockets);
    Subject.Work work =
        new Subject.Work(
            valueBytes, stored, Map.of(WARM, WARM_SOCKETS, TOPIC, readers), "", Map.of());
    try (Running running = subject.start(workshop, work)) {
      load.plan(
          subject.clients(reading(running, WARM, stored).within(workshop.options().warmSeconds())));
      load.connect(WARM_SOCKETS);
      load.go();
      JsonNode warm = load.finish();
      learnRate(workshop, subject, warm);
      double rate = workshop.bestRate(id, subject.name());
      long records =
          Math.clamp(
              (long) (rate * workshop.options().seconds() / readers), FEWEST_RECORDS, stored);
      return watched
          ? watch(workshop, load, subject, running, records)
          : measure(workshop, load, subject, running, TOPIC, records);
    }
  }

  private Map<String, Double> watch(
      Workshop workshop, Load load, Subject subject, Running running, long records) {
    String topic = Broker.uniqueName("backlog");
    fill(workshop, topic, records);
    try (LiveCrowd crowd = new LiveCrowd(workshop, subject, running)) {
      crowd.before(workshop.options().seconds());
      double readBefore = running.metric("sluice_replay_bytes_total");
      crowd.begin();
      Map<String, Double> numbers =
          new TreeMap<>(measure(workshop, load, subject, running, topic, records));
      crowd.end();
      double read = running.metric("sluice_replay_bytes_total") - readBefore;
      numbers.put("kafkaReads", read / (records * valueBytes));
      numbers.putAll(crowd.numbers());
      return numbers;
    } finally {
      workshop.topics().delete(topic);
    }
  }

  private Map<String, Double> measure(
      Workshop workshop, Load load, Subject subject, Running running, String topic, long records) {
    int readers = workshop.options().scaled(sockets);
    LoadPlan plan = reading(running, topic, records).within(workshop.options().seconds() * 10 + 30);
    int apart = Math.max(1, (int) (records / 2 / readers));
    load.plan(subject.clients(spread ? plan.spread(topic, readers, apart) : plan));
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

  private void learnRate(Workshop workshop, Subject subject, JsonNode came) {
    double rate = came.path("deliveries").asDouble() / came.path("seconds").asDouble();
    workshop.learnRate(id, subject.name(), rate);
  }

  private LoadPlan reading(Running running, String topic, long records) {
    return LoadPlan.reading(running.ports(), topic, "\"earliest\"", valueBytes, records)
        .subscribingTogether();
  }
}
