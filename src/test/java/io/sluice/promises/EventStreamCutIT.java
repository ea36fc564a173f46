package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.checker.Checker;
import io.sluice.checker.LogDump;
import io.sluice.checker.Verdict;
import io.sluice.testing.Broker;
import io.sluice.testing.EventFollower;
import io.sluice.testing.Eventually;
import io.sluice.testing.Gateway;
import io.sluice.testing.GatewayProcess;
import io.sluice.testing.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A reader of an event stream whose connection is cut takes nothing along but the last id, and has
 * every record once all the same.
 */
class EventStreamCutIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CUTS = 25;

  @Test
  void whoIsCutUnderLoadResumesWithoutLossOrDuplicatesOnEitherInstance() {
    Broker broker = Broker.shared();
    String topic = broker.topics().create("events-cut", 3);
    try (Gateway one = Gateway.start(broker);
        Gateway other = Gateway.start(broker);
        Writer writer = Writer.direct("direct", broker, topic, 300, 500);
        EventFollower follower = new EventFollower("event-follower")) {
      follower.follow(one.channel(topic + "?from=earliest"));
      for (int cut = 1; cut <= CUTS; cut++) {
        long goal = follower.received() + 60;
        Eventually.until(
            () -> follower.received() >= goal, PATIENCE, () -> "Nothing comes: " + follower);
        follower.cut();
        follower.follow((cut % 2 == 0 ? one : other).channel(topic));
      }
      writer.finish();
      LogDump dump = broker.topics().dump(topic);
      follower.awaitPositions(dump.reach(), PATIENCE);
      Verdict verdict = Checker.check(List.of(writer.history(), follower.history()), dump);
      System.out.println("event stream, " + CUTS + " cuts: " + verdict);
      assertThat(verdict.isClean()).as("%s", verdict).isTrue();
      assertThat(verdict.unread()).isZero();
      assertThat(verdict.dropped())
          .as("what came twice is what lay between the last id and the cut")
          .isLessThan(verdict.received() / 2);
    }
  }

  @Test
  void whoReadsFromADrainingInstanceIsSentElsewhereAndMissesNothing() {
    Broker broker = Broker.shared();
    String topic = broker.topics().create("events-drain", 2);
    try (GatewayProcess leaving =
            GatewayProcess.start(broker, Map.of("sluice.shutdown.drain-window", "1500ms"));
        GatewayProcess staying = GatewayProcess.start(broker);
        Writer writer = Writer.direct("direct", broker, topic, 100, 300);
        EventFollower follower = new EventFollower("event-follower")) {
      follower.follow(leaving.channel(topic + "?from=earliest"));
      Eventually.until(() -> follower.received() > 300, PATIENCE, () -> "Nothing flows.");
      leaving.terminate();
      assertThat(follower.current().await("draining").path("reconnectAfterMs").asLong(-1))
          .isBetween(0L, 1_500L);
      follower.awaitEnd(Duration.ofSeconds(5));
      assertThat(follower.current().retryMillis()).as("back at once").isBetween(0L, 300L);
      follower.follow(staying.channel(topic));
      writer.finish();
      LogDump dump = broker.topics().dump(topic);
      follower.awaitPositions(dump.reach(), PATIENCE);
      Verdict verdict = Checker.check(List.of(writer.history(), follower.history()), dump);
      assertThat(verdict.isClean()).as("%s", verdict).isTrue();
      assertThat(verdict.unread()).isZero();
      assertThat(verdict.dropped()).as("the last id was exact").isZero();
      assertThat(leaving.awaitExit(PATIENCE)).isEqualTo(143);
    }
  }
}
