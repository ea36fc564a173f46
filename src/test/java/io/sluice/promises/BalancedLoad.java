package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.checker.Checker;
import io.sluice.checker.History;
import io.sluice.checker.HistoryEvent;
import io.sluice.checker.LogDump;
import io.sluice.checker.Silence;
import io.sluice.checker.Verdict;
import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.Follower;
import io.sluice.testing.Writer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Clients behind a balancer: readers and writers that come back through it whenever they must,
 * while a writer past the gateways keeps the log growing at a steady rate.
 */
final class BalancedLoad implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(45);
  private static final Duration LONGEST = Duration.ofSeconds(1);

  /** A writer that stands still for longer than this did not get the machine's time. */
  private static final Duration USUAL_PAUSE = Duration.ofMillis(100);

  /** Of a reader that comes back: connect, upgrade, subscribe, first records. */
  private static final int STEPS = 4;

  private static final int PARTITIONS = 3;
  private static final int RECORD_BYTES = 200;

  /** With 17 keys no partition has less than a sixth: more than 60 records a second. */
  private static final int STEADY_RATE = 400;

  private static final int RATE_THROUGH = 50;
  private static final int WRITERS = 2;

  private final Broker broker;
  private final String topic;
  private final Writer steady;
  private final List<Writer> through = new ArrayList<>();
  private final List<Follower> followers = new ArrayList<>();
  private long begun = History.now();

  private BalancedLoad(String name, Broker broker, String compression) {
    this.broker = broker;
    this.topic = broker.topics().create(name, PARTITIONS, Map.of("compression.type", compression));
    this.steady = Writer.direct("steady", broker, topic, RECORD_BYTES, STEADY_RATE);
  }

  /** Connects {@code readers} and some writers to {@code balancer}; returns when all are served. */
  static BalancedLoad begin(String name, Broker broker, URI balancer, int readers) {
    return begin(name, broker, "uncompressed", balancer, readers);
  }

  /** As above, over a topic with this {@code compression.type}. */
  static BalancedLoad begin(
      String name, Broker broker, String compression, URI balancer, int readers) {
    BalancedLoad load = new BalancedLoad(name, broker, compression);
    for (int i = 0; i < WRITERS; i++) {
      load.through.add(
          Writer.through("through-" + i, balancer, load.topic, RECORD_BYTES, RATE_THROUGH));
    }
    for (int i = 0; i < readers; i++) {
      Follower follower = new Follower("reader-" + i, load.topic);
      load.followers.add(follower);
      follower.keepFollowing(balancer, i % 2 == 0 ? "\"earliest\"" : "\"latest\"");
    }
    load.awaitFlow();
    return load;
  }

  /** From now on silences count. */
  void mark() {
    begun = History.now();
  }

  /** The longest silence of any reader since the mark. */
  Silence longestSilence() {
    return silenceOf(followers.stream().map(Follower::history).toList());
  }

  private Silence silenceOf(List<History> some) {
    return Silence.longest(some, begun, History.now());
  }

  /**
   * Asserts that since the mark no reader heard nothing for more than a second. On a machine that
   * has no time for the writer past the gateways either, each step of a reader may take that much
   * longer.
   */
  void assertNobodyWaited(String event) {
    Silence readers = longestSilence();
    Silence writer = silenceOf(List.of(steady.history()));
    System.out.printf("%s: the longest silence was %s; %s%n", event, readers, writer);
    Duration lack = writer.length().minus(USUAL_PAUSE);
    Duration allowed = lack.isPositive() ? LONGEST.plus(lack.multipliedBy(STEPS)) : LONGEST;
    assertThat(readers.length()).as(event).isLessThanOrEqualTo(allowed);
  }

  /** Waits until every reader has got on by half a second's worth of records. */
  void awaitFlow() {
    long[] goals =
        followers.stream().mapToLong(reader -> reader.received() + STEADY_RATE / 2).toArray();
    for (int i = 0; i < goals.length; i++) {
      Follower follower = followers.get(i);
      long goal = goals[i];
      Eventually.until(
          () -> follower.received() >= goal, PATIENCE, () -> "Nothing flows to " + follower);
    }
  }

  /** How often readers have come back, all together. */
  int returns() {
    return followers.stream().mapToInt(reader -> reader.connections() - 1).sum();
  }

  /** How many publishes through the gateways have no known outcome. */
  long unknownOutcomes() {
    return through.stream()
        .flatMap(writer -> writer.history().events().stream())
        .filter(HistoryEvent.Unknown.class::isInstance)
        .count();
  }

  /** Stops writing, lets everybody read to the end, and judges. */
  Verdict finish() {
    steady.finish();
    through.forEach(Writer::finish);
    LogDump dump = broker.topics().dump(topic);
    followers.forEach(reader -> reader.awaitPositions(dump.reach(), PATIENCE));
    return Checker.check(
        Stream.concat(
                Stream.concat(Stream.of(steady), through.stream()).map(Writer::history),
                followers.stream().map(Follower::history))
            .toList(),
        dump);
  }

  @Override
  public void close() {
    steady.close();
    through.forEach(Writer::close);
    followers.forEach(Follower::close);
  }
}
