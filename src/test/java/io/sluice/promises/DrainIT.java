package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.checker.Checker;
import io.sluice.checker.LogDump;
import io.sluice.checker.Verdict;
import io.sluice.log.Partition;
import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.Follower;
import io.sluice.testing.GatewayProcess;
import io.sluice.testing.Json;
import io.sluice.testing.TestClient;
import io.sluice.testing.Writer;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/**
 * SIGTERM: clients are told where they stand and when to come back, what is in flight is answered,
 * then 1012.
 */
class DrainIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int WINDOW_MILLIS = 1_500;
  private static final int TIMEOUT_MILLIS = 3_000;

  @Test
  void aGatewayThatIsToldToEndSendsItsClientsElsewhereAndLosesNothing() {
    Broker broker = Broker.shared();
    String topic = broker.topics().create("drain", 2);
    try (GatewayProcess leaving =
            GatewayProcess.start(
                broker,
                Map.of(
                    "sluice.shutdown.drain-window", WINDOW_MILLIS + "ms",
                    "sluice.shutdown.timeout", TIMEOUT_MILLIS + "ms"));
        Writer writer = Writer.direct("direct", broker, topic, 100, 300);
        Follower follower = new Follower("follower", topic);
        TestClient publisher = TestClient.connect(leaving.ws())) {
      follower.follow(leaving.ws(), "\"earliest\"");
      Eventually.until(() -> follower.received() > 300, PATIENCE, () -> "Nothing flows.");

      List<CompletableFuture<JsonNode>> publishes = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        publishes.add(
            publisher.ask(
                Json.message("publish")
                    .put("channel", topic)
                    .put("key", "k" + i % 5)
                    .put("value", i)));
      }
      long told = System.nanoTime();
      leaving.terminate();

      JsonNode draining = follower.current().await("draining");
      assertThat(draining.path("reconnectAfterMs").asLong(-1)).isBetween(0L, (long) WINDOW_MILLIS);
      Map<Partition, Long> positions =
          Json.positions(draining.path("subscriptions").path(0).path("positions"));
      assertThat(positions).containsOnlyKeys(new Partition(topic, 0), new Partition(topic, 1));
      publisher.await("draining");
      assertThatThrownBy(() -> TestClient.connect(leaving.ws()))
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              refusal -> assertThat(refusal.getResponse().statusCode()).isEqualTo(503));

      assertThat(follower.current().awaitClosing().code()).isEqualTo(1012);
      assertThat(publisher.awaitClosing().code()).isEqualTo(1012);
      assertThat(publishes)
          .as("each publish that was sent before is answered")
          .allSatisfy(
              reply -> assertThat(reply.join().path("type").asText()).isEqualTo("published"));
      assertThat(leaving.awaitExit(PATIENCE)).as("128 + SIGTERM").isEqualTo(143);
      assertThat(Duration.ofNanos(System.nanoTime() - told))
          .isLessThan(Duration.ofMillis(WINDOW_MILLIS + 2 * TIMEOUT_MILLIS + 3_000));

      try (GatewayProcess other = GatewayProcess.start(broker)) {
        follower.follow(other.ws(), "\"earliest\"");
        writer.finish();
        LogDump dump = broker.topics().dump(topic);
        follower.awaitPositions(dump.reach(), PATIENCE);
        Verdict verdict = Checker.check(List.of(writer.history(), follower.history()), dump);
        assertThat(verdict.isClean()).as("%s", verdict).isTrue();
        assertThat(verdict.unread()).isZero();
      }
    }
  }
}
