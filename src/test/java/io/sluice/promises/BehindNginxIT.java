package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.checker.Verdict;
import io.sluice.testing.Balancer;
import io.sluice.testing.Broker;
import io.sluice.testing.GatewayProcess;
import io.sluice.testing.Prerequisite;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * R10 behind {@code deploy/nginx/nginx.conf}, which asks nobody for readiness: the refusals of the
 * gateway that drains send clients to the other one.
 */
class BehindNginxIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int READERS = 8;

  @Test
  void nothingIsLostWhenOneOfTwoIsDrained() {
    Prerequisite.require(Balancer.Kind.NGINX.isInstalled(), "nginx is not installed");
    Broker broker = Broker.shared();
    try (GatewayProcess leaving = GatewayProcess.start(broker);
        GatewayProcess staying = GatewayProcess.start(broker);
        Balancer nginx = Balancer.start(Balancer.Kind.NGINX, List.of(leaving.ws(), staying.ws()));
        BalancedLoad load = BalancedLoad.begin("nginx", broker, nginx.ws(), READERS)) {
      load.mark();
      leaving.terminate();
      assertThat(leaving.awaitExit(PATIENCE)).as("128 + SIGTERM").isEqualTo(143);
      load.awaitFlow();
      load.assertNobodyWaited("Drained behind nginx");
      assertThat(load.returns()).as("who was there, came back once").isBetween(1, READERS - 1);
      assertThat(load.unknownOutcomes()).isZero();

      Verdict verdict = load.finish();
      System.out.println("Behind nginx: " + verdict);
      assertThat(verdict.isClean()).as("%s", verdict).isTrue();
      assertThat(verdict.unread()).isZero();
    }
  }
}
