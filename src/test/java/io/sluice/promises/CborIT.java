package io.sluice.promises;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.testing.Broker;
import io.sluice.testing.Cbor;
import io.sluice.testing.Gateway;
import io.sluice.testing.Json;
import io.sluice.testing.TestClient;
import io.sluice.testing.Topics;
import io.sluice.transport.Connections;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code sluice.v1.cbor} says what {@code sluice.v1.json} says, and carries bytes as they are; both
 * are spoken side by side about one topic.
 */
class CborIT {
  private static final int MAX_MESSAGE = 64 * 1024;
  private static final int MAX_RECORD = 16 * 1024;
  private static final byte[] NOT_UTF8 = {(byte) 0xff, 0, (byte) 0xc3, '"', (byte) 0x80};

  private static Gateway gateway;

  private final Topics topics = Broker.shared().topics();
  private TestClient cbor;
  private TestClient json;

  @BeforeAll
  static void start() {
    gateway =
        Gateway.start(
            Broker.shared(),
            Map.of(
                "sluice.websocket.max-message-bytes", Integer.toString(MAX_MESSAGE),
                "sluice.relay.max-record-bytes", Integer.toString(MAX_RECORD)));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void connect() {
    cbor = TestClient.connectCbor(gateway.ws());
    json = TestClient.connect(gateway.ws());
  }

  @AfterEach
  void disconnect() {
    cbor.close();
    json.close();
  }

  private void goesOn() {
    assertThat(cbor.call(Json.message("ping")).path("type").asText()).isEqualTo("pong");
  }

  private static ObjectNode subscribe(String topic, String from) {
    return Json.message("subscribe").put("channel", topic).set("from", Json.read(from));
  }

  private static long number(JsonNode subscribed) {
    assertThat(subscribed.path("type").asText()).as("%s", subscribed).isEqualTo("subscribed");
    return subscribed.path("subscription").asLong();
  }

  @Test
  void theConversationIsTheSame() {
    String topic = topics.create("same", 1);
    assertThat(cbor.subprotocol()).isEqualTo("sluice.v1.cbor");
    JsonNode welcome = cbor.await("welcome");
    assertThat(welcome.path("protocol").asText()).isEqualTo("sluice.v1");
    assertThat(welcome.path("limits").path("maxMessageBytes").asInt()).isEqualTo(MAX_MESSAGE);

    JsonNode subscribed = cbor.call(subscribe(topic, "\"latest\""));
    long number = number(subscribed);
    assertThat(subscribed.path("channel").asText()).isEqualTo(topic);
    assertThat(subscribed.path("positions").path(topic).path("0").asLong(-1)).isZero();
    assertThat(subscribed.path("topicIds").path(topic).asText()).isNotEmpty();
    cbor.await(message -> TestClient.isOf(message, "live", number));

    ObjectNode publish = Json.message("publish").put("channel", topic);
    publish.withArray("records").addObject().put("value", "one".getBytes(UTF_8));
    publish.withArray("records").addObject().put("value", "two").put("partition", 7);
    JsonNode published = cbor.call(publish).path("records");
    assertThat(published.path(0).path("offset").asLong(-1)).isZero();
    assertThat(published.path(1).path("error").path("code").asText()).isEqualTo("invalid");

    JsonNode record = cbor.awaitRecords(number, 1).getFirst();
    assertThat(record.path("topic").asText()).isEqualTo(topic);
    assertThat(record.path("partition").asInt(-1)).isZero();
    assertThat(record.path("timestamp").asLong()).isPositive();
    assertThat(record.path("key").isNull()).isTrue();
    assertThat(record.path("headers").isEmpty()).isTrue();
    assertThat(Cbor.text(record.get("value"))).isEqualTo("one");
    assertThat(record.has("valueType")).isFalse();

    JsonNode again = cbor.call(subscribe(topic, "\"latest\""));
    assertThat(again.path("code").asText()).isEqualTo("duplicate-subscription");
    assertThat(again.path("subscription").asLong()).isEqualTo(number);
    JsonNode ended = cbor.call(Json.message("unsubscribe").put("subscription", number));
    assertThat(ended.path("type").asText()).isEqualTo("unsubscribed");
    JsonNode unknown = cbor.call(Json.message("unsubscribe").put("subscription", number));
    assertThat(unknown.path("code").asText()).isEqualTo("unknown-subscription");
    assertThat(unknown.path("field").asText()).isEqualTo("subscription");
  }

  @Test
  void gapsOfAFeedAndOfOneClientAreTold() {
    String topic = topics.create("gaps", 1);
    topics.produceMany(topic, 0, "v", 4);
    topics.deleteBefore(topic, 0, 2);
    topics.produce(topic, 0, null, "x".repeat(MAX_RECORD + 1));
    topics.produce(topic, 0, null, "last");
    String from = "{\"positions\":{\"%s\":{\"0\":1}}}".formatted(topic);
    long number = number(cbor.call(subscribe(topic, from)));
    JsonNode retention = cbor.await(message -> TestClient.isOf(message, "gap", number));
    assertThat(retention.path("reason").asText()).isEqualTo("retention");
    assertThat(retention.path("to").asLong()).isEqualTo(2);
    JsonNode tooLarge = cbor.await(message -> TestClient.isOf(message, "gap", number));
    assertThat(tooLarge.path("reason").asText()).isEqualTo("too-large");
    assertThat(tooLarge.path("size").asLong()).isEqualTo(MAX_RECORD + 1);
    List<JsonNode> records = cbor.awaitRecords(number, 3);
    assertThat(records).extracting(each -> Cbor.text(each.get("value"))).endsWith("v3", "last");
  }

  @Test
  void endsDrainsAndOutagesAreTold() {
    try (Gateway own = Gateway.start(Broker.shared());
        TestClient client = TestClient.connectCbor(own.ws())) {
      String kept = topics.create("kept", 2);
      String deleted = topics.create("deleted", 1);
      long standing = number(client.call(subscribe(kept, "\"latest\"")));
      long ending = number(client.call(subscribe(deleted, "\"latest\"")));
      topics.delete(deleted);
      JsonNode ended = client.await(message -> TestClient.isOf(message, "ended", ending));
      assertThat(ended.path("code").asText()).isEqualTo("topic-deleted");
      own.part(Connections.class).onAvailability(false);
      assertThat(client.await("status").path("kafka").asText()).isEqualTo("unavailable");
      own.part(Connections.class).drain(Duration.ofMillis(1));
      JsonNode draining = client.await("draining");
      JsonNode stood = draining.path("subscriptions").path(0);
      assertThat(stood.path("subscription").asLong()).isEqualTo(standing);
      assertThat(stood.path("positions").path(kept)).hasSize(2);
    }
  }

  /** Any part of a batch is a message: its array says how many there are. */
  @Test
  void creditCutsBatches() {
    String topic = topics.create("credit", 1);
    topics.produceMany(topic, 0, "v", 40);
    ObjectNode subscribe = subscribe(topic, "\"earliest\"").put("credit", 1);
    long number = number(cbor.call(subscribe));
    assertThat(cbor.awaitRecords(number, 1)).hasSize(1);
    cbor.send(Json.message("credit").put("subscription", number).put("records", 30));
    List<JsonNode> granted = cbor.awaitRecords(number, 30);
    assertThat(granted).hasSize(30);
    assertThat(granted).extracting(each -> each.get("offset").asInt()).startsWith(1).endsWith(30);
    cbor.send(Json.message("credit").put("subscription", number).put("records", 5));
    assertThat(cbor.awaitRecords(number, 5))
        .extracting(each -> Cbor.text(each.get("value")))
        .containsExactly("v31", "v32", "v33", "v34", "v35");
  }

  @Test
  void keysAreComparedByTheirBytes() {
    String topic = topics.create("keyed", 1);
    ObjectNode subscribe = subscribe(topic, "\"latest\"").put("key", NOT_UTF8);
    long number = number(cbor.call(subscribe));
    for (byte[] key : new byte[][] {NOT_UTF8, {1}, NOT_UTF8}) {
      cbor.call(Json.message("publish").put("channel", topic).put("key", key).put("value", key));
    }
    assertThat(cbor.awaitRecords(number, 2))
        .extracting(each -> each.get("offset").asInt())
        .containsExactly(0, 2);
  }

  /** Written in CBOR; read in CBOR, in JSON and by a plain Kafka client. */
  @Test
  void bytesThatAreNotUtf8ArriveAsTheyAre() {
    String topic = topics.create("bytes", 1);
    long inCbor = number(cbor.call(subscribe(topic, "\"latest\"")));
    long inJson = number(json.call(subscribe(topic, "\"latest\"")));
    assertThat(inCbor).as("a feed for each format").isNotEqualTo(inJson);

    ObjectNode publish = Json.message("publish").put("channel", topic).put("key", NOT_UTF8);
    publish.put("value", NOT_UTF8).withObject("headers").put("one", NOT_UTF8).putNull("none");
    publish.withObject("headers").withArray("two").add("ä").addNull().add(NOT_UTF8);
    assertThat(cbor.call(publish).path("type").asText()).isEqualTo("published");
    ObjectNode tombstone = Json.message("publish").put("channel", topic).putNull("value");
    assertThat(cbor.call(tombstone).path("type").asText()).isEqualTo("published");

    List<JsonNode> read = cbor.awaitRecords(inCbor, 2);
    JsonNode record = read.getFirst();
    assertThat(Cbor.content(record.get("key"))).isEqualTo(NOT_UTF8);
    assertThat(Cbor.content(record.get("value"))).isEqualTo(NOT_UTF8);
    JsonNode headers = record.get("headers");
    assertThat(Cbor.content(headers.get("one"))).isEqualTo(NOT_UTF8);
    assertThat(headers.get("none").isNull()).isTrue();
    assertThat(Cbor.text(headers.get("two").get(0))).isEqualTo("ä");
    assertThat(headers.get("two").get(1).isNull()).isTrue();
    assertThat(Cbor.content(headers.get("two").get(2))).isEqualTo(NOT_UTF8);
    assertThat(read.getLast().get("value").isNull()).isTrue();

    JsonNode beside = json.awaitRecords(inJson, 1).getFirst();
    String base64 = Base64.getEncoder().encodeToString(NOT_UTF8);
    assertThat(beside.get("key").get("base64").asText()).isEqualTo(base64);
    assertThat(beside.get("value").asText()).isEqualTo(base64);
    assertThat(beside.get("headers").get("two").get(0).asText()).isEqualTo("ä");

    ConsumerRecord<byte[], byte[]> stored = topics.readAll(topic).getFirst();
    assertThat(stored.key()).isEqualTo(NOT_UTF8);
    assertThat(stored.value()).isEqualTo(NOT_UTF8);
    assertThat(stored.headers().toArray())
        .extracting(header -> header.key())
        .containsExactly("one", "none", "two", "two", "two");
    assertThat(stored.headers().lastHeader("two").value()).isEqualTo(NOT_UTF8);
  }

  @Test
  void aFeedIsEncodedOncePerFormat() {
    String topic = topics.create("once", 1);
    try (TestClient otherCbor = TestClient.connectCbor(gateway.ws());
        TestClient otherJson = TestClient.connect(gateway.ws())) {
      long inCbor = number(cbor.call(subscribe(topic, "\"latest\"")));
      long inJson = number(json.call(subscribe(topic, "\"latest\"")));
      assertThat(number(otherCbor.call(subscribe(topic, "\"latest\"")))).isEqualTo(inCbor);
      assertThat(number(otherJson.call(subscribe(topic, "\"latest\"")))).isEqualTo(inJson);
      topics.produceMany(topic, 0, "v", 600);
      for (TestClient client : List.of(cbor, otherCbor)) {
        List<JsonNode> records = client.awaitRecords(inCbor, 600);
        assertThat(Cbor.text(records.get(599).get("value"))).isEqualTo("v599");
      }
      for (TestClient client : List.of(json, otherJson)) {
        assertThat(client.awaitRecords(inJson, 600).get(599).get("value").asText())
            .isEqualTo("v599");
      }
    }
  }

  /** What one format said is where the other goes on. */
  @Test
  void positionsOfOneFormatAreGoodInTheOther() {
    String topic = topics.create("across", 2);
    long first = number(json.call(subscribe(topic, "\"latest\"")));
    topics.produceMany(topic, 0, "v", 5);
    json.awaitRecords(first, 5);
    JsonNode drained = standing(json);
    topics.produceMany(topic, 1, "w", 3);

    ObjectNode from = Json.message("subscribe").put("channel", topic);
    from.withObject("from").set("positions", drained);
    long second = number(cbor.call(from));
    assertThat(cbor.awaitRecords(second, 3))
        .extracting(each -> Cbor.text(each.get("value")))
        .containsExactly("w0", "w1", "w2");

    topics.produceMany(topic, 1, "x", 2);
    cbor.awaitRecords(second, 2);
    JsonNode position = standing(cbor);
    topics.produceMany(topic, 0, "y", 1);
    try (TestClient back = TestClient.connect(gateway.ws())) {
      from.withObject("from").set("positions", position);
      long third = number(back.call(from));
      assertThat(back.awaitRecords(third, 1).getFirst().get("value").asText()).isEqualTo("y0");
    }
  }

  /** Where the client's one subscription stands, as the gateway says it to it. */
  private static JsonNode standing(TestClient client) {
    gateway.part(Connections.class).drain(Duration.ofMillis(1));
    // Clients that had no subscription yet have been told of another drain before.
    return client
        .await(message -> message.path("subscriptions").path(0).has("positions"))
        .path("subscriptions")
        .path(0)
        .path("positions");
  }

  /** {"type": "subscribe", "id": 99, "channel": …, "from": {"positions": {…: {0: 2}}}}. */
  @Test
  void positionsMayHaveIntegersAsNames() {
    String topic = topics.create("integers", 1);
    topics.produceMany(topic, 0, "v", 3);
    String name = "78" + HexFormat.of().toHexDigits((byte) topic.length()) + hex(topic);
    String command =
        "a4"
            + text("type")
            + text("subscribe")
            + text("id")
            + "1863"
            + text("channel")
            + name
            + text("from")
            + "a1"
            + text("positions")
            + "a1"
            + name
            + "a1"
            + "00"
            + "02";
    cbor.sendBinary(HexFormat.of().parseHex(command));
    JsonNode subscribed = cbor.await(message -> message.path("id").asLong(-1) == 99);
    assertThat(Cbor.text(cbor.awaitRecords(number(subscribed), 1).getFirst().get("value")))
        .isEqualTo("v2");
  }

  private static String text(String word) {
    return HexFormat.of().toHexDigits((byte) (0x60 + word.length())) + hex(word);
  }

  private static String hex(String ascii) {
    return HexFormat.of().formatHex(ascii.getBytes(UTF_8));
  }

  @Test
  void aTextMessageClosesWith1003() {
    cbor.sendText("{\"type\":\"ping\"}");
    TestClient.Closing closing = cbor.awaitClosing();
    assertThat(closing.code()).isEqualTo(1003);
    assertThat(closing.reason()).isEqualTo("sluice.v1.cbor takes binary messages only.");
  }

  @Test
  void aMessageThatIsTooLargeClosesWith1009() {
    cbor.sendBinary(new byte[MAX_MESSAGE + 1]);
    assertThat(cbor.awaitClosing().code()).isEqualTo(1009);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // nothing
        "ff", // a break
        "80", // an array
        "6474797065", // a text
        "a1", // cut
        "a16474797065", // half a pair
        "a164747970656470696e6700", // more behind it
        "a264747970656470696e6764747970656470696e67", // a name twice
        "a164747970651c", // reserved
        "a1647479706562c0af", // overlong UTF-8
        "a10001", // an integer as a name
        "a1447479706501", // bytes as a name
        "a1647479706581818181818181818181818181818181818181818181818181818181818181818181818181818181"
            + "8181818181818181818181818181818181818181818181818181818181818181818100",
        "bb7fffffffffffffff64747970656470696e67"
      })
  void whatIsNotOneMapIsInvalid(String hex) {
    cbor.sendBinary(HexFormat.of().parseHex(hex));
    JsonNode error = cbor.await("error");
    assertThat(error.path("code").asText()).isEqualTo("invalid");
    assertThat(error.path("message").asText()).hasSizeGreaterThan(10).doesNotContain("Exception");
    goesOn();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type":"dance"}                                                          | type
          {"type":"ping","extra":1}                                                 | extra
          {"type":"subscribe","channel":"c","from":{"positions":{"c":{"0":-1}}}}    | from.positions.c.0
          {"type":"subscribe","channel":"c","from":{"positions":{"c":{"0":1.0}}}}   | from.positions.c.0
          {"type":"subscribe","channel":"c","value":"text"}                         | value
          {"type":"subscribe","channel":"c","value":"json"}                         | value
          {"type":"subscribe","channel":"c","value":"base64"}                       | value
          {"type":"subscribe","channel":"c","key":{"base64":"NDI="}}                | key
          {"type":"subscribe","channel":"c","fields":["a","b["]}                    | fields[1]
          {"type":"publish","channel":"c","value":1}                                | value
          {"type":"publish","channel":"c","value":{"a":1}}                          | value
          {"type":"publish","channel":"c","value":"a","valueType":"text"}           | valueType
          {"type":"publish","channel":"c","value":"a","key":7}                      | key
          {"type":"publish","channel":"c","value":"a","headers":{"h":{"base64":""}}} | headers.h
          {"type":"publish","channel":"c","value":"a","headers":{"h":[7]}}          | headers.h[0]
          {"type":"publish","channel":"c","records":[{"value":"a"},{"value":2.5}]}  | records[1].value
          {"type":"publish","channel":"c*","value":"a"}                             | channel
          """)
  void aWrongFieldIsInvalidAndNamed(String command, String field) {
    JsonNode error = cbor.call((ObjectNode) Cbor.read(Cbor.fromJson(command)));
    assertThat(error.path("code").asText()).as("%s", error).isEqualTo("invalid");
    assertThat(error.path("field").asText()).as("%s", error).isEqualTo(field);
    assertThat(error.path("message").asText()).doesNotContain("Exception");
    goesOn();
  }

  @Test
  void aRecordThatIsTooLargeIsRefused() {
    String topic = topics.create("large", 1);
    JsonNode error =
        cbor.call(
            Json.message("publish").put("channel", topic).put("value", new byte[MAX_RECORD + 1]));
    assertThat(error.path("code").asText()).isEqualTo("too-large");
  }
}
