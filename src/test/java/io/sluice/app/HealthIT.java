package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.Gateway;
import io.sluice.testing.GatewayProcess;
import io.sluice.testing.TestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What orchestrators and balancers are told. */
class HealthIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Test
  void readinessFollowsKafkaAndLivenessDoesNot() {
    try (Broker broker = Broker.own();
        Gateway gateway = Gateway.start(broker)) {
      assertThat(status(gateway.ws(), "/health/readiness")).isEqualTo(200);

      broker.stop();
      awaitStatus(gateway.ws(), "/health/readiness", 503);
      assertThat(status(gateway.ws(), "/health")).isEqualTo(503);
      assertThat(status(gateway.ws(), "/health/liveness")).isEqualTo(200);

      broker.restart();
      awaitStatus(gateway.ws(), "/health/readiness", 200);
      assertThat(status(gateway.ws(), "/health")).isEqualTo(200);
    }
  }

  @Test
  void readinessIsOffFromTheFirstMomentOfADrain() {
    try (GatewayProcess leaving =
            GatewayProcess.start(Broker.shared(), Map.of("sluice.shutdown.drain-window", "5s"));
        TestClient client = TestClient.connect(leaving.ws())) {
      assertThat(status(leaving.ws(), "/health/readiness")).isEqualTo(200);

      leaving.terminate();
      client.await("draining");
      assertThat(status(leaving.ws(), "/health/readiness")).isEqualTo(503);
      assertThat(status(leaving.ws(), "/health/liveness")).isEqualTo(200);
    }
  }

  private static void awaitStatus(URI gateway, String path, int wanted) {
    Eventually.until(
        () -> status(gateway, path) == wanted,
        PATIENCE,
        () -> path + " did not come to answer " + wanted);
  }

  private static int status(URI gateway, String path) {
    URI uri = URI.create("http://" + gateway.getAuthority() + path);
    try {
      return HTTP.send(
              HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofString())
          .statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The test was interrupted.", e);
    }
  }
}
