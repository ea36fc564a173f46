package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.testing.Broker;
import io.sluice.testing.EventStreamClient;
import io.sluice.testing.Eventually;
import io.sluice.testing.Gateway;
import io.sluice.testing.PlainSocket;
import io.sluice.testing.PlainSocket.Heard.Closed;
import io.sluice.testing.RawHttp;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * While Kafka cannot be reached, requests for one channel are told to try again, and who is there
 * already stays.
 */
class ChannelsWithoutKafkaIT {
  @Test
  void whoComesIsToldToComeAgainAndWhoIsThereGoesOn() throws IOException {
    try (Broker broker = Broker.own();
        Gateway gateway = Gateway.start(broker)) {
      String topic = broker.topics().create("channel-outage", 1);
      RawHttp http = new RawHttp(gateway.ws().getPort());
      String path = "/v1/channels/" + topic;
      String stream = "Accept: text/event-stream\r\nConnection: close\r\n";
      try (EventStreamClient events = EventStreamClient.open(gateway.channel(topic));
          PlainSocket reader = PlainSocket.connect(gateway.channel(topic + "?from=earliest"));
          PlainSocket writer = PlainSocket.connect(gateway.channel(topic + "?writeonly"))) {
        events.await("live");
        broker.topics().produce(topic, 0, null, "before");
        assertThat(reader.nextText()).isEqualTo("before");
        assertThat(events.await("message").path("value").asText()).isEqualTo("before");

        broker.stop();
        assertThat(events.await("status").path("kafka").asText()).isEqualTo("unavailable");
        for (String answer :
            new String[] {
              http.exchange(http.upgrade(path, "")),
              http.exchange(http.request("GET", path, stream)),
              http.exchange(http.request("HEAD", path, stream)),
              http.exchange(http.post(path, "Connection: close\r\n", "x"))
            }) {
          assertThat(answer).startsWith("HTTP/1.1 503 ").contains("Retry-After: 1\r\n");
        }
        writer.send("while it is away");
        Closed closed = writer.awaitClosed();
        assertThat(closed.code()).isEqualTo(1013);

        broker.restart();
        JsonNode status = events.await("status");
        assertThat(status.path("kafka").asText()).isEqualTo("available");
        Eventually.until(
            () -> publishes(http, path), Duration.ofSeconds(20), () -> "Nothing is published.");
        assertThat(events.await("message").path("value").asText()).isEqualTo("after");
        assertThat(reader.nextText()).isEqualTo("after");
      }
    }
  }

  private static boolean publishes(RawHttp http, String path) {
    try {
      return http.exchange(http.post(path, "Connection: close\r\n", "after"))
          .startsWith("HTTP/1.1 200 ");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
