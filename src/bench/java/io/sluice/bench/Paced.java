package io.sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.testing.Broker;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Records come at a rate, and everybody gets each.
 *
 * @param rate records a second; with keys so many for all of them together
 * @param keys how many keys take turns, each with its own share of the sockets; 1: no keys
 * @param trouble what is out of the ordinary
 */
record Paced(
    String id,
    String title,
    int sockets,
    double rate,
    int valueBytes,
    int keys,
    Trouble trouble,
    List<Subject> subjects)
    implements Scenario {
  /** What is out of the ordinary. */
  enum Trouble {
    NONE,
    /** One socket in {@link #STALL_ONE_IN} stops reading. */
    STALLED,
    /** More is offered than can be had, while new clients come. */
    OVERLOAD,
    /** As {@link #OVERLOAD}; who falls out of the window skips to it, and is told by gaps. */
    OVERLOAD_SKIPPED;

    private LoadPlan in(LoadPlan plan) {
      return switch (this) {
        case NONE -> plan;
        case STALLED -> plan.stalling(STALL_ONE_IN);
        case OVERLOAD -> plan.welcoming(NEWCOMER_MILLIS);
        case OVERLOAD_SKIPPED -> plan.welcoming(NEWCOMER_MILLIS).skipping();
      };
    }

    private boolean isOverload() {
      return this == OVERLOAD || this == OVERLOAD_SKIPPED;
    }
  }

  private static final int STALL_ONE_IN = 20;
  private static final int NEWCOMER_MILLIS = 250;
  private static final int WARM_SOCKETS = 100;
  private static final double WARM_RATE = 500;
  private static final double WARM_RATE_OF_KEYS = 4_000; // each goes to one socket only
  private static final String LATEST = "\"latest\"";

  /** So many latencies at least are worth a 99th percentile. */
  private static final double ENOUGH_SAMPLES = 20_000;

  /** Fresh for each run: a topic is read from its end, and its records are counted from 0. */
  private record Topics(String warm, String measured) {}

  @Override
  public void prepare(Workshop workshop) {}

  @Override
  public Map<String, Double> run(Workshop workshop, Load load, Subject subject) {
    Topics topics = new Topics(Broker.uniqueName("warm"), Broker.uniqueName("paced"));
    workshop.topics().createNamed(topics.warm, partitions(), Map.of());
    workshop.topics().createNamed(topics.measured, partitions(), Map.of());
    Subject.Work work = Subject.Work.live(valueBytes);
    int readers = workshop.options().scaled(sockets);
    try (Running running = subject.start(workshop, work);
        Feed feed = new Feed(workshop.brokers(), 0)) {
      int warmSeconds = workshop.options().warmSeconds();
      int warmKeys = Math.min(keys, WARM_SOCKETS);
      double warmRate = keys == 1 ? WARM_RATE : WARM_RATE_OF_KEYS;
      long warmRounds = (long) (warmRate * warmSeconds / warmKeys);
      LoadPlan warm =
          LoadPlan.reading(running.ports(), topics.warm, LATEST, valueBytes, warmRounds)
              .within(warmSeconds * 4);
      load.plan(subject.clients(keys == 1 ? warm : warm.keyed(topics.warm, warmKeys)));
      load.connect(WARM_SOCKETS);
      load.go();
      pace(subject, running, feed, topics.warm, warmRounds * warmKeys, warmKeys, warmRate);
      load.finish();
      return measure(workshop, load, subject, running, feed, topics.measured, readers);
    }
  }

  private int partitions() {
    return keys == 1 ? 1 : 12;
  }

  private Map<String, Double> measure(
      Workshop workshop,
      Load load,
      Subject subject,
      Running running,
      Feed feed,
      String topic,
      int readers) {
    int seconds = workshop.options().seconds();
    int keysHere = keys == 1 ? 1 : workshop.options().scaled(keys);
    double rateHere = keys == 1 ? rate : rate * keysHere / keys;
    long rounds = Math.max(3, (long) (rateHere * seconds / keysHere));
    int every = (int) Math.max(1, rounds * readers / ENOUGH_SAMPLES);
    LoadPlan plan =
        LoadPlan.reading(running.ports(), topic, LATEST, valueBytes, rounds)
            .sampling(every)
            .within(seconds * 6 + 30);
    load.plan(subject.clients(trouble.in(keys == 1 ? plan : plan.keyed(topic, keysHere))));
    double connects = load.connect(readers);
    try (Measurement measurement = new Measurement(workshop, running);
        WindowPeak peak =
            new WindowPeak(trouble.isOverload() && subject instanceof Subject.Sluice, running)) {
      load.go();
      pace(subject, running, feed, topic, rounds * keysHere, keysHere, rateHere);
      JsonNode came = load.finish();
      Map<String, Double> numbers = new TreeMap<>(measurement.read(came));
      numbers.put("complete", came.path("complete").asBoolean() ? 1.0 : 0.0);
      numbers.put("connectsPerSecond", connects);
      if (peak.isWanted()) {
        numbers.put("windowPeakMb", peak.bytes() / 1e6);
      }
      return numbers;
    }
  }

  private void pace(
      Subject subject,
      Running running,
      Feed feed,
      String topic,
      long records,
      int keysHere,
      double rateHere) {
    switch (subject) {
      case Subject.Raw raw -> raw.pace(running, topic, records, rateHere);
      case Subject.Sluice _, Subject.Stock _, Subject.Node _, Subject.Bare _ ->
          feed.pace(topic, valueBytes, records, keysHere, rateHere);
    }
  }
}
