package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.testing.Broker;
import io.sluice.testing.Cbor;
import io.sluice.testing.Gateway;
import io.sluice.testing.Json;
import io.sluice.testing.TestClient;
import io.sluice.testing.Topics;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The option {@code fields}: a client gets the parts of a value that it named, live and replayed.
 */
class FieldsIT extends OneClient {
  private static final List<String> STORED =
      List.of(
          "{\"id\":1,\"customer\":{\"name\":\"Ann\",\"age\":7},\"items\":[{\"p\":1.5,\"q\":1},{\"q\":2}]}",
          "{\"customer\":{\"age\":9},\"id\":2}",
          "{\"other\":true}",
          "[{\"id\":3}]",
          "\"id\"",
          "not JSON");
  private static final List<String> PATHS = List.of("id", "customer.name", "items[*].p");
  private static final List<String> KEPT =
      List.of(
          "{\"id\":1,\"customer\":{\"name\":\"Ann\"},\"items\":[{\"p\":1.5}]}",
          "{\"id\":2}",
          "{}",
          "[]",
          "\"id\"",
          "\"not JSON\"");

  private final Topics topics = Broker.shared().topics();

  @BeforeAll
  static void start() {
    gateway = Gateway.start(Broker.shared());
  }

  private String filled() {
    String topic = topics.create("fields", 1);
    produce(topic);
    return topic;
  }

  private void produce(String topic) {
    STORED.forEach(value -> topics.produce(topic, 0, "k", value));
  }

  private static ObjectNode subscribe(String topic, String from, List<String> paths) {
    ObjectNode subscribe = Json.message("subscribe").put("channel", topic).put("from", from);
    ArrayNode fields = subscribe.putArray("fields");
    paths.forEach(fields::add);
    return subscribe;
  }

  private static long number(JsonNode subscribed) {
    assertThat(subscribed.path("type").asText()).as("%s", subscribed).isEqualTo("subscribed");
    return subscribed.path("subscription").asLong();
  }

  private static List<String> values(TestClient client, long number) {
    return client.awaitRecords(number, STORED.size()).stream()
        .map(record -> record.get("value").toString())
        .toList();
  }

  @Test
  void onlyWhatIsNamedComesLiveAndReplayed() {
    String topic = topics.create("fields", 1);
    long live = number(client.call(subscribe(topic, "latest", PATHS)));
    long whole = number(client.subscribe(topic, "\"latest\""));
    assertThat(live).isNotEqualTo(whole);
    produce(topic);
    assertThat(values(client, live)).isEqualTo(KEPT);
    assertThat(values(client, whole)).startsWith(STORED.getFirst()).endsWith("\"not JSON\"");
    try (TestClient joining = TestClient.connect(gateway.ws())) {
      long number = number(joining.call(subscribe(topic, "earliest", PATHS)));
      assertThat(values(joining, number)).isEqualTo(KEPT);
    }
    try (Gateway fresh = Gateway.start(Broker.shared()); // its window is empty: all is replayed
        TestClient replaying = TestClient.connect(fresh.ws())) {
      long number = number(replaying.call(subscribe(topic, "earliest", PATHS)));
      assertThat(values(replaying, number)).isEqualTo(KEPT);
    }
  }

  @Test
  void inCborTheBytesOfJsonAreCut() {
    String topic = filled();
    try (TestClient cbor = TestClient.connectCbor(gateway.ws())) {
      long number = number(cbor.call(subscribe(topic, "earliest", PATHS)));
      List<String> values =
          cbor.awaitRecords(number, STORED.size()).stream()
              .map(record -> Cbor.text(record.get("value")))
              .toList();
      assertThat(values.subList(0, 5)).isEqualTo(KEPT.subList(0, 5));
      assertThat(values.getLast()).isEqualTo("not JSON");
    }
  }

  @Test
  void theSamePathsInAnotherOrderAreTheSameFeed() {
    String topic = filled();
    long number = number(client.call(subscribe(topic, "latest", PATHS)));
    JsonNode again =
        client.call(
            subscribe(topic, "earliest", List.of("$.items[*].p", "[\"id\"]", "customer.name")));
    assertThat(again.path("code").asText()).isEqualTo("duplicate-subscription");
    assertThat(again.path("subscription").asLong()).isEqualTo(number);
    try (TestClient other = TestClient.connect(gateway.ws())) {
      assertThat(number(other.call(subscribe(topic, "latest", PATHS.reversed()))))
          .isEqualTo(number);
    }
    assertThat(number(client.call(subscribe(topic, "latest", List.of("id"))))).isNotEqualTo(number);
  }

  @Test
  void valuesThatAreNotShownAsJsonStayWhole() {
    String topic = filled();
    JsonNode subscribed = client.call(subscribe(topic, "earliest", PATHS).put("value", "text"));
    List<JsonNode> records = client.awaitRecords(number(subscribed), STORED.size());
    assertThat(records).extracting(record -> record.get("value").asText()).isEqualTo(STORED);
    JsonNode plain =
        client.call(Json.message("subscribe").put("channel", topic).put("value", "text"));
    assertThat(plain.path("code").asText())
        .as("fields make no difference there")
        .isEqualTo("duplicate-subscription");
  }

  @Test
  void pathsHaveLimitsThatTheErrorNames() {
    List<String> most = IntStream.range(0, 64).mapToObj(i -> "f" + i).toList();
    List<String> tooMany = IntStream.range(0, 65).mapToObj(i -> "f" + i).toList();
    String topic = filled();
    number(client.call(subscribe(topic, "latest", most)));
    JsonNode error = client.call(subscribe(topic, "latest", tooMany));
    assertThat(error.path("field").asText()).isEqualTo("fields");
    assertThat(error.path("message").asText()).contains("from 1 to 64");
    JsonNode tooLong = client.call(subscribe(topic, "latest", List.of("a", "x".repeat(257))));
    assertThat(tooLong.path("field").asText()).isEqualTo("fields[1]");
    assertThat(tooLong.path("message").asText())
        .isEqualTo("The field fields[1] must have at most 256 characters.");
  }
}
