package io.sluice.promises;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.Gateway;
import io.sluice.testing.Json;
import io.sluice.testing.TestClient;
import io.sluice.testing.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much a subscriber is handed at once, how often, and what it hears where nothing comes. */
class FlowIT extends OneClient {
  private static final int MAX_MESSAGE = 4096;
  private static final int MAX_RECORD = 20_000;

  /** Positions are told every 5 s, and not in the first round after something came. */
  private static final Duration TWO_ROUNDS = Duration.ofSeconds(20);

  private final Topics topics = Broker.shared().topics();

  @BeforeAll
  static void start() {
    gateway =
        Gateway.start(
            Broker.shared(),
            Map.of(
                "sluice.websocket.max-outbound-message-bytes", Integer.toString(MAX_MESSAGE),
                "sluice.relay.max-record-bytes", Integer.toString(MAX_RECORD)));
  }

  @Test
  void recordsComeAsTheyAreGrantedAndNoneBesides() {
    String topic = topics.create("credit", 1);
    long number = subscribe(topic, Json.message("subscribe").put("credit", 0));
    client.await(message -> TestClient.isOf(message, "live", number));
    topics.produceMany(topic, 0, "v", 20);
    grant(client, number, 4);
    assertThat(offsets(client.awaitRecords(number, 4))).containsExactly(0L, 1L, 2L, 3L);
    grant(client, number, 1);
    grant(client, number, 2);
    assertThat(offsets(client.awaitRecords(number, 3))).containsExactly(4L, 5L, 6L);
    // What was to come besides would have come before the answer.
    assertThat(client.call(Json.message("ping")).path("type").asText()).isEqualTo("pong");
    assertThat(client.kept()).noneMatch(message -> TestClient.isOf(message, "records", number));
    grant(client, number, 100);
    assertThat(client.awaitRecords(number, 13)).hasSize(13);
  }

  @Test
  void whoComesBackWithPositionsWithinABatchGoesOnThere() {
    String topic = topics.create("credit-resumed", 2);
    topics.produceMany(topic, 0, "v", 30);
    topics.produceMany(topic, 1, "w", 30);
    List<String> seen = new ArrayList<>();
    Map<Integer, Long> next = new TreeMap<>(Map.of(0, 0L, 1, 0L));
    for (int i = 0; i < 6; i++) {
      try (TestClient each = TestClient.connect(gateway.ws())) {
        ObjectNode subscribe = Json.message("subscribe").put("channel", topic).put("credit", 10);
        subscribe
            .putObject("from")
            .putObject("positions")
            .putObject(topic)
            .put("0", next.get(0))
            .put("1", next.get(1));
        long number = number(each.call(subscribe));
        for (JsonNode record : each.awaitRecords(number, 10)) {
          int partition = record.path("partition").asInt();
          long offset = record.path("offset").asLong();
          assertThat(offset).isEqualTo(next.put(partition, offset + 1));
          seen.add(partition + "@" + offset);
        }
        assertThat(each.kept()).noneMatch(message -> TestClient.isOf(message, "records", number));
      }
    }
    assertThat(seen).hasSize(60).doesNotHaveDuplicates();
  }

  @Test
  void creditForWhatIsNotThereOrHasNoneIsRefused() {
    String topic = topics.create("credit-wrong", 1);
    long number = subscribe(topic, Json.message("subscribe"));
    JsonNode none = client.call(credit(number, 1));
    assertThat(none.path("code").asText()).as("%s", none).isEqualTo("invalid");
    assertThat(none.path("field").asText()).isEqualTo("subscription");
    JsonNode unknown = client.call(credit(4711, 1));
    assertThat(unknown.path("code").asText()).isEqualTo("unknown-subscription");
    topics.produce(topic, 0, null, "still there");
    assertThat(client.awaitRecords(number, 1)).hasSize(1);
  }

  @Test
  void atMostSoManyMessagesASecondEachWithWhatHasGathered() {
    int rate = 5;
    int records = 150;
    List<Long> times = new CopyOnWriteArrayList<>();
    List<Long> offsets = new CopyOnWriteArrayList<>();
    String topic = topics.create("paced", 1);
    try (TestClient paced =
        TestClient.connect(
            gateway.ws(),
            message -> {
              if (message.path("type").asText().equals("records")) {
                times.add(System.nanoTime());
                message.path("records").forEach(each -> offsets.add(each.path("offset").asLong()));
              }
              return false;
            })) {
      number(paced.call(Json.message("subscribe").put("channel", topic).put("maxRate", rate)));
      try (var producer = topics.producer(Map.of("linger.ms", 0))) {
        for (int i = 0; i < records; i++) {
          producer.send(new ProducerRecord<>(topic, 0, null, "v".getBytes(UTF_8)));
          producer.flush();
          Eventually.pass(Duration.ofMillis(10));
        }
      }
      Eventually.until(
          () -> offsets.size() == records,
          TestClient.PATIENCE,
          () -> offsets.size() + " records in " + times.size() + " messages");
    }
    assertThat(offsets).isEqualTo(LongStream.range(0, records).boxed().toList());
    long took = times.getLast() - times.getFirst();
    // One of each interval, and the one at the start. What the client's own clock adds is small
    // against the whole: the network may bring two close together, never more in all.
    long most = 2 + took * rate / 1_000_000_000L;
    assertThat((long) times.size()).isLessThanOrEqualTo(most);
  }

  @Test
  void whatIsScannedWithoutARecordIsToldAndResumedFrom() {
    String topic = topics.create("quiet", 2);
    topics.produceMany(topic, 0, "v", 3);
    long number = subscribe(topic, Json.message("subscribe").put("from", "earliest"));
    assertThat(client.awaitRecords(number, 3)).hasSize(3);
    topics.produceTransaction(topic, 0, List.of("a", "b", "c"), false); // and its marker
    JsonNode told =
        client.await(message -> TestClient.isOf(message, "position", number), TWO_ROUNDS);
    assertThat(told.path("positions").path(topic).toString()).isEqualTo("{\"0\":7,\"1\":0}");
    client.close();

    try (TestClient resumed = TestClient.connect(gateway.ws())) {
      ObjectNode subscribe = Json.message("subscribe").put("channel", topic);
      subscribe.putObject("from").set("positions", told.path("positions"));
      JsonNode reply = resumed.call(subscribe);
      assertThat(reply.path("positions").path(topic).toString()).isEqualTo("{\"0\":7,\"1\":0}");
      topics.produce(topic, 0, null, "next");
      assertThat(offsets(resumed.awaitRecords(number(reply), 1))).containsExactly(7L);
      assertThat(resumed.kept())
          .as("what is known is not told")
          .noneMatch(message -> message.path("type").asText().equals("position"));
    }
  }

  @Test
  void whatHasAnotherKeyIsToldAsScannedAndResumedFrom() {
    String topic = topics.create("quiet-key", 1);
    long number = subscribe(topic, Json.message("subscribe").put("key", "mine"));
    client.await(message -> TestClient.isOf(message, "live", number));
    topics.produceMany(topic, 0, "v", 50); // with keys of their own
    JsonNode told =
        client.await(message -> TestClient.isOf(message, "position", number), TWO_ROUNDS);
    assertThat(told.path("positions").path(topic).toString()).isEqualTo("{\"0\":50}");
    client.close();
    topics.produce(topic, 0, "mine", "while it was away");

    try (TestClient resumed = TestClient.connect(gateway.ws())) {
      ObjectNode subscribe = Json.message("subscribe").put("channel", topic).put("key", "mine");
      subscribe.putObject("from").set("positions", told.path("positions"));
      JsonNode reply = resumed.call(subscribe);
      assertThat(offsets(resumed.awaitRecords(number(reply), 1))).containsExactly(50L);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noMessageWithSeveralRecordsIsLargerThanItMay(boolean paced) {
    String topic = topics.create("large", 1);
    int[] sizes = {100, 3000, 700, 50, 50, 5000, 1900, 1900, 1900, 10, MAX_RECORD, 10};
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      for (int size : sizes) {
        records.add(new ProducerRecord<>(topic, 0, null, "x".repeat(size).getBytes(UTF_8)));
      }
    }
    topics.produceAll(records);
    ObjectNode options = Json.message("subscribe").put("from", "earliest");
    if (paced) {
      options.put("maxRate", 500);
    }
    long replayed = subscribe(topic, options);
    List<JsonNode> messages = messages(replayed, records.size());
    topics.produceAll(records);
    messages.addAll(messages(replayed, records.size()));
    assertThat(messages)
        .allMatch(message ->
            message.path("records").size() == 1
                || message.toString().getBytes(UTF_8).length <= MAX_MESSAGE);
    assertThat(messages).anyMatch(message -> message.path("records").size() > 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest", "earliest"})
  void aRecordOfTheLargestSizeComesAndAByteMoreIsAGapWithItsSize(String from) {
    String topic = topics.create("too-large", 1);
    boolean live = from.equals("latest");
    long number = live ? subscribe(topic, Json.message("subscribe")) : -1;
    for (int size : new int[] {MAX_RECORD, MAX_RECORD + 1, 1}) {
      topics.produce(topic, 0, null, "x".repeat(size));
    }
    long reading = live ? number : subscribe(topic, Json.message("subscribe").put("from", from));
    assertThat(offsets(client.awaitRecords(reading, 2))).containsExactly(0L, 2L);
    JsonNode gap = client.await(message -> TestClient.isOf(message, "gap", reading));
    assertThat(gap.path("reason").asText()).isEqualTo("too-large");
    assertThat(gap.path("from").asLong()).isEqualTo(1);
    assertThat(gap.path("to").asLong()).isEqualTo(2);
    assertThat(gap.path("size").asLong()).isEqualTo(MAX_RECORD + 1);
  }

  private List<JsonNode> messages(long number, int records) {
    List<JsonNode> messages = new ArrayList<>();
    for (int count = 0; count < records; count += messages.getLast().path("records").size()) {
      messages.add(client.await(message -> TestClient.isOf(message, "records", number)));
    }
    return messages;
  }

  private long subscribe(String topic, ObjectNode options) {
    return number(client.call(options.put("channel", topic)));
  }

  private static long number(JsonNode subscribed) {
    assertThat(subscribed.path("type").asText()).as("%s", subscribed).isEqualTo("subscribed");
    return subscribed.path("subscription").asLong();
  }

  private static ObjectNode credit(long subscription, int records) {
    return Json.message("credit").put("subscription", subscription).put("records", records);
  }

  private static void grant(TestClient client, long subscription, int records) {
    client.sendText(credit(subscription, records).toString());
  }

  private static List<Long> offsets(List<JsonNode> records) {
    return records.stream().map(record -> record.path("offset").asLong()).toList();
  }
}
