package io.sluice.promises;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.testing.Broker;
import io.sluice.testing.Gateway;
import io.sluice.testing.Json;
import io.sluice.testing.TestClient;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever stands in Kafka reaches the client as PROTOCOL §3 says, live and from the log, and its
 * neighbours in the same batch come as if it were not there.
 */
class StrangeValuesIT {
  private static final int MAX_RECORD = 64 * 1024;

  private static Gateway gateway;

  /** A record, and the JSON in which it has to arrive, without its place and time. */
  private record Case(ProducerRecord<byte[], byte[]> record, String expected) {}

  @BeforeAll
  static void start() {
    gateway =
        Gateway.start(
            Broker.shared(), Map.of("sluice.relay.max-record-bytes", Integer.toString(MAX_RECORD)));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static Case value(String topic, byte @Nullable [] value, String expected) {
    return new Case(
        new ProducerRecord<>(topic, 0, null, value),
        "{\"key\":null,\"headers\":{}," + expected + "}");
  }

  private static Case value(String topic, String value, String expected) {
    return value(topic, bytes(value), expected);
  }

  private static String text(String value) {
    return "\"value\":" + Json.message("").put("v", value).get("v") + ",\"valueType\":\"text\"";
  }

  private static String base64(byte[] value) {
    return "\"value\":\""
        + Base64.getEncoder().encodeToString(value)
        + "\",\"valueType\":\"base64\"";
  }

  private static List<Case> cases(String topic) {
    byte[] notUtf8 = {(byte) 0xFF, 0, (byte) 0xFE};
    byte[] brokenJson = {'"', (byte) 0xC3, '"'};
    String deep = "[".repeat(128) + "]".repeat(128);
    String tooDeep = "[".repeat(129) + "]".repeat(129);
    String loneSurrogate = "{\"a\":\"\\ud800\"}";
    ProducerRecord<byte[], byte[]> decorated = new ProducerRecord<>(topic, 0, notUtf8, bytes("1"));
    decorated.headers().add(new RecordHeader("again", bytes("one")));
    decorated.headers().add(new RecordHeader("empty", new byte[0]));
    decorated.headers().add(new RecordHeader("again", (byte[]) null));
    decorated.headers().add(new RecordHeader("null", (byte[]) null));
    decorated.headers().add(new RecordHeader("again", notUtf8));
    decorated.headers().add(new RecordHeader("sa\"y\n", bytes("ä")));
    String binary = "{\"base64\":\"" + Base64.getEncoder().encodeToString(notUtf8) + "\"}";
    return List.of(
        value(topic, "{\"total\":12.50}", "\"value\":{\"total\":12.50}"),
        value(topic, " [1, 2]\n", "\"value\":[1,2]"),
        value(topic, "not JSON", text("not JSON")),
        value(topic, "{\"cut\":", text("{\"cut\":")),
        value(topic, "{} {}", text("{} {}")),
        value(topic, "},{", text("},{")),
        value(topic, "\"},{\"", "\"value\":\"},{\""),
        value(topic, notUtf8, base64(notUtf8)),
        value(topic, brokenJson, base64(brokenJson)),
        value(topic, (byte[]) null, "\"value\":null"),
        value(topic, "null", "\"value\":null,\"valueType\":\"json\""),
        value(topic, "", text("")),
        value(topic, "\uFEFF{}", text("\uFEFF{}")),
        value(topic, "a\u0000b\u001f\u2028\"\\", text("a\u0000b\u001f\u2028\"\\")),
        value(topic, deep, "\"value\":" + deep),
        value(topic, tooDeep, text(tooDeep)),
        value(topic, "[".repeat(30_000), text("[".repeat(30_000))),
        value(topic, "9".repeat(100), "\"value\":" + "9".repeat(100)),
        value(topic, "9".repeat(101), text("9".repeat(101))),
        value(topic, loneSurrogate, text(loneSurrogate)),
        value(topic, "\"\\ud83d\\ude00\"", "\"value\":\"\\ud83d\\ude00\""),
        value(topic, "NaN", text("NaN")),
        new Case(
            new ProducerRecord<>(topic, 0, new byte[0], bytes("true")),
            "{\"key\":\"\",\"headers\":{},\"value\":true}"),
        new Case(
            decorated,
            "{\"key\":"
                + binary
                + ",\"headers\":{\"again\":[\"one\",null,"
                + binary
                + "],\"empty\":\"\",\"null\":null,\"sa\\\"y\\n\":\"ä\"},\"value\":1}"));
  }

  /** Stores all of them in as few batches as they fit in, each between two plain ones. */
  private static List<String> produce(String topic) {
    List<String> expected = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                Broker.shared().bootstrapServers(),
                "linger.ms",
                500,
                "batch.size",
                512 * 1024),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (Case each : cases(topic)) {
        Case plain =
            value(
                topic,
                "{\"n\":" + expected.size() + "}",
                "\"value\":{\"n\":" + expected.size() + "}");
        for (Case next : List.of(plain, each)) {
          sent.add(producer.send(next.record()));
          expected.add(next.expected());
        }
      }
      sent.add(producer.send(new ProducerRecord<>(topic, 0, bytes("key"), new byte[MAX_RECORD])));
      sent.add(producer.send(value(topic, "\"last\"", "").record()));
      producer.flush();
      assertThat(sent).allMatch(each -> each.state() == Future.State.SUCCESS);
    }
    return expected;
  }

  /** What arrived, in order: each must be as expected, then the gap, then the last one. */
  private static void check(TestClient client, long subscription, List<String> expected) {
    List<JsonNode> records = client.awaitRecords(subscription, expected.size() + 1);
    for (int i = 0; i < expected.size(); i++) {
      JsonNode record = records.get(i);
      assertThat(record.path("offset").asLong()).isEqualTo(i);
      assertThat(record.path("timestamp").asLong()).isPositive();
      assertThat(withoutPlace(record)).as("record %d", i).isEqualTo(Json.read(expected.get(i)));
    }
    JsonNode gap = client.await(message -> TestClient.isOf(message, "gap", subscription));
    assertThat(gap.path("from").asLong()).isEqualTo(expected.size());
    assertThat(gap.path("to").asLong()).isEqualTo(expected.size() + 1);
    assertThat(gap.path("reason").asText()).isEqualTo("too-large");
    assertThat(gap.path("size").bigIntegerValue())
        .isEqualTo(BigInteger.valueOf(MAX_RECORD + "key".length()));
    assertThat(records.getLast().path("offset").asLong()).isEqualTo(expected.size() + 1);
    assertThat(records.getLast().path("value").asText()).isEqualTo("last");
    assertThat(client.isOpen()).isTrue();
  }

  private static JsonNode withoutPlace(JsonNode record) {
    return ((ObjectNode) record.deepCopy())
        .without(List.of("topic", "partition", "offset", "timestamp"));
  }

  @Test
  void everyValueArrivesAsTheProtocolSaysLiveAndFromTheLog() {
    String topic = Broker.shared().topics().create("strange", 1);
    try (TestClient live = TestClient.connect(gateway.ws())) {
      long subscription = live.subscribe(topic, "\"latest\"").path("subscription").asLong();
      List<String> expected = produce(topic);
      check(live, subscription, expected);
      try (TestClient replaying = TestClient.connect(gateway.ws())) {
        JsonNode subscribed = replaying.subscribe(topic, "\"earliest\"");
        check(replaying, subscribed.path("subscription").asLong(), expected);
      }
    }
    try (Gateway fresh =
            Gateway.start(
                Broker.shared(),
                Map.of("sluice.relay.max-record-bytes", Integer.toString(MAX_RECORD)));
        TestClient replaying = TestClient.connect(fresh.ws())) {
      // Its window is empty: everything is read from the log.
      JsonNode subscribed = replaying.subscribe(topic, "\"earliest\"");
      check(replaying, subscribed.path("subscription").asLong(), expectedOf(topic));
    }
  }

  private static List<String> expectedOf(String topic) {
    List<String> expected = new ArrayList<>();
    for (Case each : cases(topic)) {
      expected.add("{\"key\":null,\"headers\":{},\"value\":{\"n\":" + expected.size() + "}}");
      expected.add(each.expected());
    }
    return expected;
  }

  @Test
  void theOptionValueForcesTextOrBase64() {
    String topic = Broker.shared().topics().create("forced", 1);
    Broker.shared().topics().produce(topic, 0, "k", "{\"a\": 1}");
    try (TestClient client = TestClient.connect(gateway.ws())) {
      long text = subscribe(client, topic, "text");
      JsonNode asText = client.awaitRecords(text, 1).getFirst();
      assertThat(asText.path("value").asText()).isEqualTo("{\"a\": 1}");
      assertThat(asText.path("valueType").asText()).isEqualTo("text");
      long base64 = subscribe(client, topic, "base64");
      JsonNode asBase64 = client.awaitRecords(base64, 1).getFirst();
      assertThat(Base64.getDecoder().decode(asBase64.path("value").asText()))
          .isEqualTo(bytes("{\"a\": 1}"));
    }
  }

  private static long subscribe(TestClient client, String topic, String form) {
    return client
        .call(
            Json.message("subscribe")
                .put("channel", topic)
                .put("from", "earliest")
                .put("value", form))
        .path("subscription")
        .asLong();
  }
}
