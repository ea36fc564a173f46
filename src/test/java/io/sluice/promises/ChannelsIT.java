package io.sluice.promises;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.testing.Broker;
import io.sluice.testing.Gateway;
import io.sluice.testing.Json;
import io.sluice.testing.TestClient;
import io.sluice.testing.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels by template: what they read and write, what they allow, and whom they tell of it. */
class ChannelsIT extends OneClient {
  private static final int PARTITIONS = 6;

  private static final Topics TOPICS = Broker.shared().topics();
  private static final String PRICES = TOPICS.create("market.prices", PARTITIONS);
  private static final String HISTORY = TOPICS.create("market.history", 1);
  private static final String REGION = Broker.uniqueName("eu");

  @BeforeAll
  static void start() {
    TOPICS.createNamed("orders-" + REGION, 2, Map.of());
    Map<String, String> settings = new HashMap<>();
    channel(
        settings,
        "prices",
        Map.of(
            "name",
            "prices/{symbol}",
            "topics",
            PRICES,
            "key",
            "{symbol}",
            "key-partitioned",
            "true"));
    channel(settings, "orders", Map.of("name", "orders.{region}", "topics", "orders-{region}"));
    channel(
        settings, "market", Map.of("topics", PRICES + "," + HISTORY, "defaults.from", "earliest"));
    channel(settings, "history", Map.of("topics", HISTORY, "max-record-bytes", "100"));
    channel(settings, "readonly", Map.of("topics", HISTORY, "publish", "false"));
    channel(settings, "writeonly", Map.of("topics", HISTORY, "subscribe", "false"));
    channel(settings, "group-only", Map.of("topics", HISTORY, "modes", "group,queue"));
    channel(settings, "cbor-only", Map.of("topics", HISTORY, "formats", "cbor"));
    channel(settings, "open", Map.of("topics", HISTORY, "isolation", "read_uncommitted"));
    channel(settings, "not-yet", Map.of("topics", Broker.uniqueName("not-yet")));
    gateway = Gateway.start(Broker.shared(), settings);
  }

  private static void channel(
      Map<String, String> settings, String label, Map<String, String> channel) {
    channel.forEach((name, value) -> settings.put("sluice.channels." + label + "." + name, value));
  }

  @Test
  void aNameOfATemplateReadsItsKeyOnlyAndOnlyInItsPartition() {
    String symbol = Broker.uniqueName("ACME");
    JsonNode subscribed = client.subscribe("prices/" + symbol, "\"latest\"");
    assertThat(subscribed.path("channel").asText()).isEqualTo("prices/" + symbol);
    assertThat(subscribed.path("positions").path(PRICES)).hasSize(1);
    long number = subscribed.path("subscription").asLong();
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    for (String key : List.of("OTHER", symbol, "x" + symbol, symbol)) {
      records.add(new ProducerRecord<>(PRICES, key, ("{\"of\":\"" + key + "\"}").getBytes(UTF_8)));
    }
    TOPICS.produceAll(records);
    assertThat(client.awaitRecords(number, 2))
        .allSatisfy(
            record -> assertThat(record.path("value").path("of").asText()).isEqualTo(symbol));
  }

  @Test
  void whatIsPublishedByANameOfATemplateHasItsKey() {
    String symbol = Broker.uniqueName("ACME");
    long number = client.subscribe("prices/" + symbol, "\"latest\"").path("subscription").asLong();
    JsonNode published = client.publish("prices/" + symbol, null, "1");
    assertThat(published.path("type").asText()).isEqualTo("published");
    assertThat(client.publish("prices/" + symbol, symbol, "2").path("type").asText())
        .isEqualTo("published");
    assertThat(client.awaitRecords(number, 2))
        .extracting(record -> record.path("key").asText())
        .containsExactly(symbol, symbol);
  }

  @Test
  void anotherKeyAndAPartitionAreInvalidInTheirPlace() {
    assertInvalid(client.publish("prices/ACME", "other", "1"), "key");
    JsonNode mixed =
        client.call(
            (ObjectNode)
                Json.read(
                    """
                    {"type":"publish","channel":"prices/ACME","records":[
                      {"key":"ACME","value":1},{"key":"other","value":2},{"partition":3,"value":3},{"value":4}]}
                    """));
    assertThat(mixed.path("records"))
        .extracting(record -> record.path("error").path("code").asText())
        .containsExactly("", "invalid", "invalid", "");
  }

  @Test
  void aClientsKeyIsInvalidWhereTheNameGivesIt() {
    JsonNode refused =
        client.call(Json.message("subscribe").put("channel", "prices/ACME").put("key", "ACME"));
    assertInvalid(refused, "key");
  }

  @Test
  void aVariableChoosesTheTopic() {
    JsonNode subscribed = client.subscribe("orders." + REGION, "\"latest\"");
    assertThat(subscribed.path("positions").path("orders-" + REGION)).hasSize(2);
    assertThat(
            client
                .publish("orders." + REGION, "k", "v")
                .path("records")
                .get(0)
                .path("topic")
                .asText())
        .isEqualTo("orders-" + REGION);
  }

  @Test
  void aChannelOfSeveralTopicsIsReadFromItsDefaultStartAndNeverWrittenTo() {
    TOPICS.produce(PRICES, 0, "k", "in prices");
    TOPICS.produce(HISTORY, 0, "k", "in history");
    JsonNode subscribed = client.call(Json.message("subscribe").put("channel", "market"));
    assertThat(subscribed.path("positions").path(PRICES)).hasSize(PARTITIONS);
    assertThat(subscribed.path("positions").path(HISTORY)).hasSize(1);
    long number = subscribed.path("subscription").asLong();
    client.await(
        message -> TestClient.isOf(message, "records", number) && hasTopic(message, PRICES));
    assertInvalid(client.publish("market", null, "v"), "channel");
  }

  private static boolean hasTopic(JsonNode message, String topic) {
    return StreamSupport.stream(message.path("records").spliterator(), false)
        .anyMatch(record -> record.path("topic").asText().equals(topic));
  }

  @Test
  void theRulesOfAChannelAreKept() {
    assertError(client.publish("readonly", null, "v"), "forbidden", "channel");
    assertError(client.subscribe("writeonly", "\"latest\""), "forbidden", "channel");
    assertError(client.subscribe("group-only", "\"latest\""), "invalid", "mode");
    assertError(client.subscribe("cbor-only", "\"latest\""), "forbidden", "channel");
    assertError(client.publish("cbor-only", null, "v"), "forbidden", "channel");
  }

  @Test
  void aChannelsOwnLimitOfRecordsIsKeptBothWays() {
    assertError(client.publish("history", null, "x".repeat(101)), "too-large", null);
    long limited = client.subscribe("history", "\"latest\"").path("subscription").asLong();
    long whole = client.subscribe("readonly", "\"latest\"").path("subscription").asLong();
    assertThat(limited).isNotEqualTo(whole);
    TOPICS.produce(HISTORY, 0, null, "y".repeat(101));
    JsonNode gap = client.await(message -> TestClient.isOf(message, "gap", limited));
    assertThat(gap.path("reason").asText()).isEqualTo("too-large");
    assertThat(gap.path("size").asInt()).isEqualTo(101);
    assertThat(client.awaitRecords(whole, 1).getFirst().path("value").asText()).hasSize(101);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prices",
        "prices/",
        "prices/a/b",
        "prices/%41",
        "prices/../market",
        "orders.",
        "orders.a.b",
        "Market",
        "__consumer_offsets",
        "markеt" // Cyrillic е
      })
  void anythingElseIsUnknown(String name) {
    assertError(client.subscribe(name, "\"latest\""), "unknown-channel", "channel");
    assertError(client.publish(name, null, "v"), "unknown-channel", "channel");
  }

  @Test
  void topicsAreNotReachedByTheirOwnNames() {
    assertError(client.subscribe(PRICES, "\"latest\""), "unknown-channel", "channel");
  }

  @Test
  void aGlobStandsForTheChannelsThatItMatches() {
    JsonNode subscribed = client.subscribe("m*", "\"latest\"");
    assertThat(subscribed.path("positions").properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder(PRICES, HISTORY);
    assertError(client.subscribe("z*", "\"latest\""), "unknown-channel", "channel");
    assertError(
        client.subscribe(PRICES.substring(0, 8) + "*", "\"latest\""), "unknown-channel", "channel");
    assertError(client.subscribe("writeonl*", "\"latest\""), "unknown-channel", "channel");
  }

  @Test
  void channelsAreDescribed() {
    JsonNode described = client.call(Json.message("describe"));
    assertThat(described.path("type").asText()).isEqualTo("described");
    assertThat(described.path("truncated").asBoolean()).isFalse();
    Map<String, JsonNode> channels = new HashMap<>();
    described.path("channels").forEach(each -> channels.put(each.path("channel").asText(), each));
    assertThat(channels)
        .containsOnlyKeys(
            "prices/{symbol}",
            "orders.{region}",
            "market",
            "history",
            "readonly",
            "writeonly",
            "group-only",
            "cbor-only",
            "open",
            "not-yet");
    assertThat(channels.get("prices/{symbol}"))
        .isEqualTo(
            Json.read(
                """
                {"channel":"prices/{symbol}","topics":["%s"],"partitions":6,"subscribe":true,"publish":true,"modes":["broadcast"]}
                """
                    .formatted(PRICES)));
    assertThat(described.path("channels"))
        .filteredOn(each -> each.path("channel").asText().equals("market"))
        .singleElement()
        .satisfies(market -> {
          assertThat(market.path("partitions").asInt()).isEqualTo(PARTITIONS + 1);
          assertThat(market.path("publish").asBoolean()).isFalse();
        });
    assertThat(
            client
                .call(Json.message("describe").put("channel", "not-yet"))
                .path("channels")
                .get(0)
                .path("partitions")
                .asInt(-1))
        .isZero();
    assertError(
        client.call(Json.message("describe").put("channel", PRICES)), "unknown-channel", "channel");
  }

  @Test
  void openTransactionsAreSeenAtOnceWhereTheChannelSaysSoAndElsewhereWhenTheyAreCommitted() {
    long open = client.subscribe("open", "\"latest\"").path("subscription").asLong();
    long committed = client.subscribe("readonly", "\"latest\"").path("subscription").asLong();
    assertThat(open).isNotEqualTo(committed);
    try (KafkaProducer<String, byte[]> producer =
        TOPICS.producer(Map.of("transactional.id", Broker.uniqueName("open-tx")))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(HISTORY, "aborted".getBytes(UTF_8)));
      producer.flush();
      assertThat(values(open, 1)).containsExactly("aborted");
      producer.abortTransaction();

      producer.beginTransaction();
      producer.send(new ProducerRecord<>(HISTORY, "kept".getBytes(UTF_8)));
      producer.flush();
      assertThat(values(open, 1)).containsExactly("kept");
      assertThat(client.kept())
          .noneMatch(message -> TestClient.isOf(message, "records", committed));
      producer.commitTransaction();
      // The first that comes there is the committed one: the aborted one never does.
      assertThat(values(committed, 1)).containsExactly("kept");
    }
  }

  /** A replay and a start at the head, while a transaction is open. */
  @Test
  void anOpenTransactionIsReadFromTheLogToo() {
    try (KafkaProducer<String, byte[]> producer =
        TOPICS.producer(Map.of("transactional.id", Broker.uniqueName("open-tx")))) {
      producer.initTransactions();
      producer.beginTransaction();
      String value = Broker.uniqueName("open");
      producer.send(new ProducerRecord<>(HISTORY, value.getBytes(UTF_8)));
      producer.flush();
      long open = client.subscribe("open", "\"earliest\"").path("subscription").asLong();
      client.await(message ->
          TestClient.isOf(message, "records", open)
              && StreamSupport.stream(message.path("records").spliterator(), false)
                  .anyMatch(record -> record.path("value").asText().equals(value)));
      client.await(message -> TestClient.isOf(message, "live", open));
      producer.abortTransaction();
    }
  }

  private List<String> values(long subscription, int count) {
    return client.awaitRecords(subscription, count).stream()
        .map(record -> record.path("value").asText())
        .toList();
  }

  private static void assertInvalid(JsonNode reply, String field) {
    assertError(reply, "invalid", field);
  }

  private static void assertError(
      JsonNode reply, String code, @org.jspecify.annotations.Nullable String field) {
    assertThat(reply.path("type").asText()).as(reply.toString()).isEqualTo("error");
    assertThat(reply.path("code").asText()).as(reply.toString()).isEqualTo(code);
    if (field != null) {
      assertThat(reply.path("field").asText()).as(reply.toString()).isEqualTo(field);
    }
  }
}
