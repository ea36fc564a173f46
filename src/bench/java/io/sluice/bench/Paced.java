package io.sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.testing.Broker;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

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
  private static final double REHEARSED_OVERLOAD = 100; // what everybody can
  private static final String LATEST = "\"latest\"";

  /** So many latencies at least are worth a 99th percentile. */
  private static final double ENOUGH_SAMPLES = 20_000;

  /** Fresh for each run: a topic is read from its end, and its records are counted from 0. */
  private record Topics(String warm, String rehearsed, String measured) {}

  @Override
  public void prepare(Workshop workshop) {}

  @Override
  public Map<String, Double> run(Workshop workshop, Load load, Subject subject) {
    Topics topics =
        new Topics(
            Broker.uniqueName("warm"), Broker.uniqueName("rehearsed"), Broker.uniqueName("paced"));
    Stream.of(topics.warm, topics.rehearsed, topics.measured)
        .forEach(topic -> workshop.topics().createNamed(topic, partitions(), Map.of()));
    Subject.Work work = Subject.Work.live(valueBytes);
    int readers = workshop.options().scaled(sockets);
    try (Running running = subject.start(workshop, work);
        Feed feed = new Feed(workshop.brokers(), 0)) {
      Stage few = new Stage(load, subject, running, feed, WARM_SOCKETS);
      few.warm(
          topics.warm,
          Math.min(keys, WARM_SOCKETS),
          keys == 1 ? WARM_RATE : WARM_RATE_OF_KEYS,
          workshop.options().warmSeconds() / 2);
      Stage all = new Stage(load, subject, running, feed, readers);
      all.warm(
          topics.rehearsed,
          keysOf(workshop),
          trouble.isOverload() ? REHEARSED_OVERLOAD : rateOf(workshop),
          workshop.options().warmSeconds() / 2);
      return measure(workshop, all, topics.measured);
    }
  }

  private int keysOf(Workshop workshop) {
    return keys == 1 ? 1 : workshop.options().scaled(keys);
  }

  private double rateOf(Workshop workshop) {
    return rate * keysOf(workshop) / keys;
  }

  private int partitions() {
    return keys == 1 ? 1 : 12;
  }

  private Map<String, Double> measure(Workshop workshop, Stage stage, String topic) {
    int seconds = workshop.options().seconds();
    int keysHere = keysOf(workshop);
    long rounds = Math.max(3, (long) (rateOf(workshop) * seconds / keysHere));
    int every = (int) Math.max(1, rounds * stage.readers / ENOUGH_SAMPLES);
    LoadPlan plan =
        LoadPlan.reading(stage.running.ports(), topic, LATEST, valueBytes, rounds)
            .sampling(every)
            .within(seconds * 6 + 30);
    double connects = stage.connect(trouble.in(plan), topic, keysHere);
    try (Measurement measurement = new Measurement(workshop, stage.running);
        WindowPeak peak =
            new WindowPeak(
                trouble.isOverload() && stage.subject instanceof Subject.Sluice, stage.running)) {
      JsonNode came = stage.play(topic, rounds, keysHere, rateOf(workshop));
      Map<String, Double> numbers = new TreeMap<>(measurement.read(came));
      numbers.put("complete", came.path("complete").asBoolean() ? 1.0 : 0.0);
      numbers.put("connectsPerSecond", connects);
      if (peak.isWanted()) {
        numbers.put("windowPeakMb", peak.bytes() / 1e6);
      }
      return numbers;
    }
  }

  /** So many readers of one subject, and what they read. */
  private final class Stage {
    private final Load load;
    private final Subject subject;
    private final Running running;
    private final Feed feed;
    private final int readers;

    Stage(Load load, Subject subject, Running running, Feed feed, int readers) {
      this.load = load;
      this.subject = subject;
      this.running = running;
      this.feed = feed;
      this.readers = readers;
    }

    /** As it will be, and nobody looks. */
    void warm(String topic, int keysHere, double rateHere, int seconds) {
      long rounds = Math.max(1, (long) (rateHere * seconds / keysHere));
      connect(
          LoadPlan.reading(running.ports(), topic, LATEST, valueBytes, rounds).within(seconds * 4),
          topic,
          keysHere);
      play(topic, rounds, keysHere, rateHere);
    }

    /** Returns connects per second. */
    double connect(LoadPlan plan, String topic, int keysHere) {
      load.plan(subject.clients(keysHere == 1 ? plan : plan.keyed(topic, keysHere)));
      return load.connect(readers);
    }

    JsonNode play(String topic, long rounds, int keysHere, double rateHere) {
      load.go();
      if (subject instanceof Subject.Raw raw) {
        raw.pace(running, topic, rounds * keysHere, rateHere);
      } else {
        feed.pace(topic, valueBytes, rounds * keysHere, keysHere, rateHere);
      }
      return load.finish();
    }
  }
}
