package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.Gateway;
import io.sluice.testing.GatewayProcess;
import io.sluice.testing.Json;
import io.sluice.testing.TestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
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

  @Test
  void detailsTellWhyWhereTheyMayBeSeen() throws IOException {
    try (Broker broker = Broker.own();
        Gateway gateway =
            Gateway.start(broker, Map.of("endpoints.health.details-visible", "ANONYMOUS"))) {
      JsonNode before = details(gateway.ws());
      assertThat(before.path("kafka").asText()).isEqualTo("available");
      assertThat(before.path("draining").asBoolean(true)).isFalse();
      Instant since = Instant.parse(before.path("kafkaSince").asText());
      assertThat(since).isBeforeOrEqualTo(Instant.now());

      broker.stop();
      awaitStatus(gateway.ws(), "/health/readiness", 503);
      JsonNode away = details(gateway.ws());
      assertThat(away.path("kafka").asText()).isEqualTo("unavailable");
      assertThat(Instant.parse(away.path("kafkaSince").asText())).isAfter(since);
    }
  }

  @Test
  void detailsAreForNobodyWhereNothingElseIsSaid() {
    try (Gateway gateway = Gateway.start(Broker.shared())) {
      assertThat(get(gateway.ws(), "/health/readiness").body()).isEqualTo("{\"status\":\"UP\"}");
    }
  }

  private static JsonNode details(URI gateway) {
    return Json.read(get(gateway, "/health/readiness").body())
        .path("details")
        .path("gateway")
        .path("details");
  }

  private static void awaitStatus(URI gateway, String path, int wanted) {
    Eventually.until(
        () -> status(gateway, path) == wanted,
        PATIENCE,
        () -> path + " did not come to answer " + wanted);
  }

  private static int status(URI gateway, String path) {
    return get(gateway, path).statusCode();
  }

  private static HttpResponse<String> get(URI gateway, String path) {
    URI uri = URI.create("http://" + gateway.getAuthority() + path);
    try {
      return HTTP.send(
          HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The test was interrupted.", e);
    }
  }
}
