package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.testing.Broker;
import io.sluice.testing.GatewayProcess;
import io.sluice.testing.TestClient;
import io.sluice.testing.Topics;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A process that is told everything by its environment (PROTOCOL §8). */
class EnvironmentIT {
  @Test
  void theEnvironmentSaysWhereWhatAndWhich() {
    Topics topics = Broker.shared().topics();
    String topic = topics.create("shop.orders", 3);
    try (GatewayProcess gateway =
            GatewayProcess.startByEnvironment(
                Broker.shared(),
                Map.of(
                    "MICRONAUT_SERVER_HOST", "127.0.0.1",
                    "KAFKA_CLIENT_ID", "gate-7",
                    "KAFKA_NOBODY_KNOWS", "secret",
                    "SLUICE_WEBSOCKET_HEARTBEAT", "5s",
                    "SLUICE_CHANNELS_SHOP_ORDERS_NAME", "orders/{customer}",
                    "SLUICE_CHANNELS_SHOP_ORDERS_TOPICS", topic,
                    "SLUICE_CHANNELS_SHOP_ORDERS_KEY", "{customer}",
                    "SLUICE_CHANNELS_SHOP_ORDERS_KEY_PARTITIONED", "true"));
        TestClient client = TestClient.connect(gateway.ws())) {
      assertThat(client.await("welcome").path("heartbeatMs").asInt()).isEqualTo(5_000);
      JsonNode subscribed = client.subscribe("orders/anna", "\"latest\"");
      assertThat(subscribed.path("positions").path(topic)).hasSize(1);
      gateway.awaitLine(
          line -> line.endsWith("kafka.nobody.knows is a setting that no Kafka client knows."),
          Duration.ofSeconds(5));
      assertThat(gateway.output()).noneMatch(line -> line.contains("secret"));
    }
  }
}
