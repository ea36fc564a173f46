package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.checker.Checker;
import io.sluice.checker.History;
import io.sluice.checker.LogDump;
import io.sluice.checker.Verdict;
import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.Follower;
import io.sluice.testing.GatewayProcess;
import io.sluice.testing.TestClient;
import io.sluice.testing.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Kafka goes away and comes back: sockets stay, everybody is told, and everything goes on by
 * itself.
 */
class KafkaOutageIT {
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern WATCH =
      Pattern.compile("WATCH loops=(\\d+) beats=(\\d+) stalls=(\\d+) .*");

  private final List<History> histories = new ArrayList<>();

  @Test
  void anOutageIsToldSurvivedAndLosesNothing() {
    try (Broker broker = Broker.own();
        GatewayProcess gateway = GatewayProcess.start(broker);
        TestClient publisher = TestClient.connect(gateway.ws())) {
      String topic = broker.topics().create("outage", 3);
      List<Follower> followers = new ArrayList<>();
      try {
        for (int i = 0; i < 4; i++) {
          Follower follower = new Follower("follower-" + i, topic);
          followers.add(follower);
          follower.follow(gateway.ws(), i % 2 == 0 ? "\"earliest\"" : "\"latest\"");
        }
        write(broker, topic, "before", followers);
        // What a JVM does once, loading classes, is not what is asked about: each kind of command
        // was seen before.
        assertThat(publisher.publish(topic, "k", "before").path("type").asText())
            .isEqualTo("published");
        assertThat(publisher.publish("no-such-topic", "k", "").path("type").asText())
            .isEqualTo("error");
        long stallsBefore = stalls(gateway).size();

        broker.stop();
        long stopped = System.nanoTime();
        awaitStatus(publisher, "unavailable", TOLD_WITHIN);
        System.out.println("Told of the outage after " + millisSince(stopped) + " ms.");
        JsonNode refusal = publisher.publish(topic, "k", "while it is away");
        assertThat(refusal.path("code").asText()).as("%s", refusal).isEqualTo("unavailable");
        try (TestClient late = TestClient.connect(gateway.ws())) {
          awaitStatus(late, "unavailable", TOLD_WITHIN);
        }
        Eventually.pass(
            Duration.ofSeconds(5)); // an outage that is longer than time-outs and back-offs
        assertThat(publisher.publish(topic, "k", "still").path("code").asText())
            .isEqualTo("unavailable");

        broker.restart();
        long restarted = System.nanoTime();
        awaitStatus(publisher, "available", TOLD_WITHIN);
        System.out.println("Told of the end after " + millisSince(restarted) + " ms.");
        long before = followers.getFirst().received();
        assertThat(publisher.publish(topic, "k", "back").path("type").asText())
            .isEqualTo("published");
        long published = System.nanoTime();
        Eventually.until(
            () -> followers.getFirst().received() > before,
            TOLD_WITHIN,
            () -> "Records do not flow again.");
        System.out.println("A record came " + millisSince(published) + " ms after it was stored.");
        write(broker, topic, "after", followers);

        LogDump dump = broker.topics().dump(topic);
        for (Follower follower : followers) {
          follower.awaitPositions(dump.reach(), PATIENCE);
          assertThat(follower.current().isOpen()).isTrue();
          assertThat(follower.connections()).as("the socket stayed").isEqualTo(1);
          histories.add(follower.history());
        }
        Verdict verdict = Checker.check(histories, dump);
        assertThat(verdict.isClean()).as("%s", verdict).isTrue();
        assertThat(verdict.unread()).isZero();
        assertThat(dump.placesOf("while it is away")).isEmpty();
        checkLoops(gateway, stallsBefore);
      } finally {
        followers.forEach(Follower::close);
      }
    }
  }

  /** Writes a while, directly and until every follower has seen some of it. */
  private void write(Broker broker, String topic, String name, List<Follower> followers) {
    try (Writer writer = Writer.direct(name, broker, topic, 100, 200)) {
      long[] goals = followers.stream().mapToLong(follower -> follower.received() + 200).toArray();
      for (int i = 0; i < goals.length; i++) {
        Follower follower = followers.get(i);
        long goal = goals[i];
        Eventually.until(
            () -> follower.received() >= goal,
            PATIENCE,
            () -> "Nothing comes to " + follower.history().client());
      }
      writer.finish();
      histories.add(writer.history());
    }
  }

  private static void awaitStatus(TestClient client, String kafka, Duration deadline) {
    client.await(
        message ->
            message.path("type").asText().equals("status")
                && message.path("kafka").asText().equals(kafka),
        deadline);
  }

  /** No event loop was kept from its tasks for more than 20 ms in all that time. */
  private static void checkLoops(GatewayProcess gateway, long stallsBefore) {
    String last =
        gateway.output().stream().filter(line -> line.startsWith("WATCH ")).toList().getLast();
    System.out.println(last);
    Matcher numbers = WATCH.matcher(last);
    assertThat(numbers.matches()).as(last).isTrue();
    assertThat(Long.parseLong(numbers.group(1))).isPositive();
    assertThat(Long.parseLong(numbers.group(2))).as("beats").isGreaterThan(1_000);
    assertThat(stalls(gateway).stream().skip(stallsBefore)).isEmpty();
  }

  private static List<String> stalls(GatewayProcess gateway) {
    return gateway.output().stream().filter(line -> line.startsWith("STALL ")).toList();
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }
}
