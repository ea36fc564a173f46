package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.Balancer;
import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.Gateway;
import io.sluice.testing.Json;
import io.sluice.testing.Prerequisite;
import io.sluice.testing.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * R30, short form: a balancer ends what has been silent for 10 s; a client that says nothing for
 * twice as long stays, as long as the heartbeat is shorter.
 */
class IdleBehindBalancerIT {
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration IDLE = IDLE_TIMEOUT.multipliedBy(2).plusSeconds(1);
  private static final Map<Balancer.Kind, Map<String, String>> TIMEOUTS =
      Map.of(
          Balancer.Kind.HAPROXY, Map.of("timeout tunnel 60s", "timeout tunnel 10s"),
          Balancer.Kind.NGINX, Map.of("proxy_read_timeout 60s", "proxy_read_timeout 10s"));

  @Test
  void anIdleClientStaysWhereTheHeartbeatIsBelowTheIdleTimeout() {
    Prerequisite.require(Balancer.Kind.HAPROXY.isInstalled(), "haproxy is not installed");
    Prerequisite.require(Balancer.Kind.NGINX.isInstalled(), "nginx is not installed");
    try (Gateway beating = gateway("4s");
        Gateway still = gateway("60s");
        Balancer haproxy = balancer(Balancer.Kind.HAPROXY, beating);
        Balancer nginx = balancer(Balancer.Kind.NGINX, beating);
        Balancer stillHaproxy = balancer(Balancer.Kind.HAPROXY, still);
        Balancer stillNginx = balancer(Balancer.Kind.NGINX, still);
        TestClient throughHaproxy = TestClient.connect(haproxy.ws());
        TestClient throughNginx = TestClient.connect(nginx.ws());
        TestClient stillThroughHaproxy = TestClient.connect(stillHaproxy.ws());
        TestClient stillThroughNginx = TestClient.connect(stillNginx.ws())) {
      Eventually.pass(IDLE);

      for (TestClient idle : List.of(throughHaproxy, throughNginx)) {
        assertThat(idle.isOpen()).isTrue();
        assertThat(idle.call(Json.message("ping")).path("type").asText()).isEqualTo("pong");
      }
      for (TestClient silent : List.of(stillThroughHaproxy, stillThroughNginx)) {
        assertThat(silent.isOpen()).as("the balancer does end what is silent").isFalse();
      }
    }
  }

  private static Gateway gateway(String heartbeat) {
    return Gateway.start(Broker.shared(), Map.of("sluice.websocket.heartbeat", heartbeat));
  }

  private static Balancer balancer(Balancer.Kind kind, Gateway gateway) {
    return Balancer.start(
        kind, List.of(gateway.ws(), gateway.ws()), TIMEOUTS.getOrDefault(kind, Map.of()));
  }
}
