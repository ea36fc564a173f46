package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.Gateway;
import io.sluice.testing.Json;
import io.sluice.testing.TestClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What one client does is seen at {@code /prometheus}. */
class PrometheusIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void whatAClientDoesIsCounted() throws Exception {
    Broker broker = Broker.shared();
    String topic = broker.topics().create("metrics", 1);
    try (Gateway gateway = Gateway.start(broker)) {
      try (TestClient client = TestClient.connect(gateway.ws())) {
        client.ask(Json.message("subscribe").put("channel", topic)).join();
        ObjectNode publish = Json.message("publish").put("channel", topic).put("value", 1);
        client.ask(publish).join();
        client.await("records");

        String seen = scrape(gateway.ws());
        assertThat(value(seen, "sluice_connections")).isEqualTo(1);
        assertThat(value(seen, "sluice_subscriptions")).isEqualTo(1);
        assertThat(value(seen, "sluice_feeds")).isEqualTo(1);
        assertThat(value(seen, "sluice_encoded_records_total")).isEqualTo(1);
        assertThat(value(seen, "sluice_live_records_total")).isEqualTo(1);
        assertThat(value(seen, "sluice_publishes_total{outcome=\"stored\"}")).isEqualTo(1);
        assertThat(value(seen, "sluice_received_bytes_total")).isPositive();
        assertThat(value(seen, "sluice_sent_bytes_total")).isPositive();
        assertThat(value(seen, "sluice_window_bytes")).isPositive();
        assertThat(value(seen, "sluice_kafka_available")).isEqualTo(1);
        assertThat(value(seen, "sluice_draining")).isZero();
        assertThat(value(seen, "jvm_threads_live_threads")).isPositive();
      }
      Eventually.until(
          () -> closedNormally(gateway.ws()) == 1, PATIENCE, () -> "The close was not counted.");
      assertThat(value(scrape(gateway.ws()), "sluice_connections")).isZero();
    }
  }

  private static double closedNormally(URI gateway) {
    return value(scrape(gateway), "sluice_connections_closed_total{code=\"1000\"}");
  }

  private static double value(String scraped, String sample) {
    Matcher line = Pattern.compile("(?m)^" + Pattern.quote(sample) + " (\\S+)$").matcher(scraped);
    assertThat(line.find()).as(sample + " in " + scraped).isTrue();
    return Double.parseDouble(line.group(1));
  }

  private static String scrape(URI gateway) {
    URI uri = URI.create("http://" + gateway.getAuthority() + "/prometheus");
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new AssertionError("No answer from " + uri, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("The test was interrupted.", e);
    }
  }
}
