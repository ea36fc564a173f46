package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.checker.Verdict;
import io.sluice.testing.Balancer;
import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.GatewayProcess;
import io.sluice.testing.Prerequisite;
import io.sluice.testing.TestClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * R10 and R8: two gateways behind {@code deploy/haproxy/haproxy.cfg} under load, of which one is
 * drained, and one killed.
 */
class BehindHaproxyIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int READERS = 12;

  /** The defaults of production; what tests start is a development run, where nobody balances. */
  private static final Map<String, String> SETTINGS =
      Map.of("sluice.shutdown.delay", "2s", "sluice.websocket.heartbeat", "2s");

  @Test
  void nothingIsLostAndNobodyWaitsWhenOneIsDrainedAndThenTheOtherKilled() {
    Prerequisite.require(Balancer.Kind.HAPROXY.isInstalled(), "haproxy is not installed");
    Broker broker = Broker.shared();
    try (GatewayProcess drained = GatewayProcess.start(broker, SETTINGS);
        GatewayProcess killed = GatewayProcess.start(broker, SETTINGS);
        Balancer haproxy =
            Balancer.start(Balancer.Kind.HAPROXY, List.of(drained.ws(), killed.ws()));
        BalancedLoad load = BalancedLoad.begin("haproxy", broker, haproxy.ws(), READERS)) {
      load.mark();
      drained.terminate();
      assertThat(drained.awaitExit(PATIENCE)).as("128 + SIGTERM").isEqualTo(143);
      load.awaitFlow();
      load.assertNobodyWaited("Drained behind HAProxy");
      assertThat(load.returns()).as("who was there, came back once").isBetween(1, READERS - 1);
      assertThat(load.unknownOutcomes()).isZero();

      try (GatewayProcess again = drained.again()) {
        awaitBalanced(haproxy.ws(), instance(again.ws()));
        int before = load.returns();
        load.mark();
        killed.kill();
        Eventually.until(
            () -> load.returns() >= before + READERS, PATIENCE, () -> "Not all came back.");
        load.awaitFlow();
        System.out.println(
            "Killed behind HAProxy: the longest silence of a reader was " + load.longestSilence());

        Verdict verdict = load.finish();
        System.out.println("Behind HAProxy: " + verdict);
        assertThat(verdict.isClean()).as("%s", verdict).isTrue();
        assertThat(verdict.unread()).isZero();
      }
    }
  }

  /** Waits until the balancer sends newcomers to {@code instance}. */
  private static void awaitBalanced(URI balancer, String instance) {
    Eventually.until(
        () -> instance(balancer).equals(instance), PATIENCE, () -> "It never sends anybody there.");
  }

  private static String instance(URI uri) {
    try (TestClient client = TestClient.connect(uri)) {
      JsonNode welcome = client.await("welcome");
      return welcome.path("instance").asText();
    }
  }
}
