package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.checker.Checker;
import io.sluice.checker.Fault;
import io.sluice.checker.History;
import io.sluice.checker.LogDump;
import io.sluice.checker.Verdict;
import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.Follower;
import io.sluice.testing.GatewayProcess;
import io.sluice.testing.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** SIGKILL under load: clients come back with their positions, and each offset has come once. */
class GatewayKilledIT {
  private static final Duration PATIENCE = Duration.ofSeconds(45);
  private static final int KILLS = 3;
  private static final int FOLLOWERS = 8;

  @Test
  void nothingIsLostSkippedOrSeenTwiceWhenTheGatewayIsKilledUnderLoad() {
    Broker broker = Broker.shared();
    String topic = broker.topics().create("killed", 4);
    List<Follower> followers = new ArrayList<>();
    List<Writer> writers = new ArrayList<>();
    GatewayProcess gateway =
        GatewayProcess.start(broker, Map.of("sluice.websocket.heartbeat", "1s"));
    try {
      writers.add(Writer.direct("direct-1", broker, topic, 200, 300));
      writers.add(Writer.direct("direct-2", broker, topic, 200, 300));
      writers.add(Writer.through("through-1", gateway.ws(), topic, 200, 100));
      writers.add(Writer.through("through-2", gateway.ws(), topic, 200, 100));
      for (int i = 0; i < FOLLOWERS; i++) {
        Follower follower = new Follower("follower-" + i, topic);
        followers.add(follower);
        follower.keepFollowing(gateway.ws(), i % 2 == 0 ? "\"earliest\"" : "\"latest\"");
      }
      for (int kill = 1; kill <= KILLS; kill++) {
        awaitMore(followers, 500);
        gateway.kill();
        GatewayProcess again = gateway.again();
        gateway = again;
        int connections = kill + 1;
        Eventually.until(
            () -> followers.stream().allMatch(follower -> follower.connections() >= connections),
            PATIENCE,
            () -> "Not all clients came back: " + followers + "\n" + again);
      }
      awaitMore(followers, 500);
      List<History> histories = new ArrayList<>();
      for (Writer writer : writers) {
        writer.finish();
        histories.add(writer.history());
      }
      LogDump dump = broker.topics().dump(topic);
      for (Follower follower : followers) {
        follower.awaitPositions(dump.reach(), PATIENCE);
        histories.add(follower.history());
      }
      Verdict verdict = Checker.check(histories, dump);
      assertThat(verdict.counts()).as("%s", verdict).isEmpty();
      assertThat(verdict.count(Fault.LOST)).isZero();
      assertThat(verdict.unread()).isZero();
      assertThat(verdict.acked()).isGreaterThan(1_000);
      assertThat(verdict.received()).isGreaterThan(FOLLOWERS * 1_500L);
    } finally {
      followers.forEach(Follower::close);
      writers.forEach(Writer::close);
      gateway.close();
    }
  }

  @Test
  void nothingIsLostWhenTheGatewayStandsStillForAWhile() {
    Broker broker = Broker.shared();
    String topic = broker.topics().create("frozen", 2);
    try (GatewayProcess gateway = GatewayProcess.start(broker);
        Writer direct = Writer.direct("direct", broker, topic, 200, 300);
        Writer through = Writer.through("through", gateway.ws(), topic, 200, 100);
        Follower follower = new Follower("follower", topic)) {
      follower.follow(gateway.ws(), "\"earliest\"");
      awaitMore(List.of(follower), 200);
      gateway.freeze();
      long goal = direct.sent() + 900; // 3 s of records that nobody reads
      Eventually.until(() -> direct.sent() >= goal, PATIENCE, () -> "The writer stands still too.");
      gateway.thaw();
      awaitMore(List.of(follower), 1_200);
      direct.finish();
      through.finish();
      LogDump dump = broker.topics().dump(topic);
      follower.awaitPositions(dump.reach(), PATIENCE);
      assertThat(follower.connections()).isEqualTo(1);
      Verdict verdict =
          Checker.check(List.of(direct.history(), through.history(), follower.history()), dump);
      assertThat(verdict.isClean()).as("%s", verdict).isTrue();
      assertThat(verdict.unread()).isZero();
    }
  }

  private static void awaitMore(List<Follower> followers, int records) {
    long[] goals =
        followers.stream().mapToLong(follower -> follower.received() + records).toArray();
    for (int i = 0; i < goals.length; i++) {
      Follower follower = followers.get(i);
      long goal = goals[i];
      Eventually.until(
          () -> follower.received() >= goal,
          PATIENCE,
          () ->
              follower.history().client()
                  + " received only "
                  + follower.received()
                  + " of "
                  + goal);
    }
  }
}
