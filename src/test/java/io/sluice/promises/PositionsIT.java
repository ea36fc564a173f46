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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Where a subscription starts, and what it is told where the log, or the window, does not have what
 * it asked for.
 */
class PositionsIT extends OneClient {
  private static final int LARGE = 64 * 1024;

  private final Topics topics = Broker.shared().topics();

  @BeforeAll
  static void start() {
    gateway =
        Gateway.start(
            Broker.shared(),
            Map.of(
                "sluice.relay.feed-window-bytes", Integer.toString(512 * 1024),
                "micronaut.server.netty.child-options.SO_SNDBUF", Integer.toString(LARGE)));
  }

  private static String at(String topic, String positions) {
    return "{\"positions\":{\"" + topic + "\":" + positions + "}}";
  }

  private static List<Long> offsets(List<JsonNode> records) {
    return records.stream().map(record -> record.path("offset").asLong()).toList();
  }

  @Test
  void aResumedSubscriptionBeginsExactlyAtItsPosition() {
    String topic = topics.create("resumed", 1);
    topics.produceMany(topic, 0, "v", 10);
    JsonNode subscribed = client.subscribe(topic, at(topic, "{\"0\":7}"));
    assertThat(subscribed.path("positions").path(topic).path("0").asLong()).isEqualTo(7);
    long number = subscribed.path("subscription").asLong();
    assertThat(offsets(client.awaitRecords(number, 3))).containsExactly(7L, 8L, 9L);
    client.await(message -> TestClient.isOf(message, "live", number));
    topics.produce(topic, 0, null, "next");
    assertThat(offsets(client.awaitRecords(number, 1))).containsExactly(10L);
  }

  @Test
  void aPositionAtTheHeadIsNoneAboveIt() {
    String topic = topics.create("at-head", 1);
    topics.produceMany(topic, 0, "v", 3);
    long number = client.subscribe(topic, at(topic, "{\"0\":3}")).path("subscription").asLong();
    topics.produce(topic, 0, null, "next");
    assertThat(offsets(client.awaitRecords(number, 1))).containsExactly(3L);
  }

  @Test
  void aPartitionThatIsNotNamedIsReadFromItsOldestRecord() {
    String topic = topics.create("unnamed", 2);
    topics.produceMany(topic, 0, "v", 3);
    topics.produceMany(topic, 1, "w", 2);
    long number = client.subscribe(topic, at(topic, "{\"0\":3}")).path("subscription").asLong();
    List<JsonNode> records = client.awaitRecords(number, 2);
    assertThat(offsets(records)).containsExactly(0L, 1L);
    assertThat(records).allMatch(record -> record.path("partition").asInt() == 1);
  }

  @Test
  void aTailIsTheLastRecordsOfEachPartitionThenLiveAlsoWhereTheTopicIsReadAlready() {
    String topic = topics.create("tail", 2);
    topics.produceMany(topic, 0, "v", 10);
    topics.produceMany(topic, 1, "w", 2);
    for (int i = 0; i < 2; i++) { // the second finds the topic being read
      try (TestClient another = TestClient.connect(gateway.ws())) {
        long number = number(another.subscribe(topic, "{\"tail\":3}"));
        another.await(message -> TestClient.isOf(message, "live", number));
        List<JsonNode> records = another.awaitRecords(number, 5);
        assertThat(offsets(records)).containsExactlyInAnyOrder(7L, 8L, 9L, 0L, 1L);
        assertThat(another.kept()).noneMatch(message -> TestClient.isOf(message, "gap", number));
      }
    }
  }

  @Test
  void aTailIsCountedFromWhatIsCommitted() {
    String topic = topics.create("tail-open", 1);
    topics.produceMany(topic, 0, "v", 5);
    try (var producer = topics.producer(Map.of("transactional.id", Broker.uniqueName("tx")))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, 0, "k", "open".getBytes(UTF_8)));
      producer.flush();
      long number = number(client.subscribe(topic, "{\"tail\":2}"));
      assertThat(offsets(client.awaitRecords(number, 2))).containsExactly(3L, 4L);
      producer.commitTransaction();
      assertThat(offsets(client.awaitRecords(number, 1))).containsExactly(5L);
    }
  }

  @Test
  void aTimestampBeginsAtTheFirstRecordOfThatTimeInEachPartition() {
    String topic = topics.create("since", 2);
    Instant noon = Instant.parse("2026-03-01T12:00:00Z");
    topics.produceAll(
        IntStream.range(0, 10)
            .mapToObj(i ->
                new ProducerRecord<String, byte[]>(
                    topic, i % 2, noon.toEpochMilli() + i, null, new byte[] {'1'}))
            .toList());
    for (String time :
        List.of(Long.toString(noon.toEpochMilli() + 6), "\"2026-03-01T13:00:00.006+01:00\"")) {
      try (TestClient another = TestClient.connect(gateway.ws())) {
        long number = number(another.subscribe(topic, "{\"timestamp\":" + time + "}"));
        another.await(message -> TestClient.isOf(message, "live", number));
        assertThat(offsets(another.awaitRecords(number, 4)))
            .containsExactlyInAnyOrder(3L, 4L, 3L, 4L);
      }
    }
  }

  @Test
  void aTimestampThatNoRecordHasIsTheHeadOfEachPartition() {
    String topic = topics.create("since-now", 2);
    topics.produceMany(topic, 0, "v", 3);
    JsonNode subscribed = client.subscribe(topic, "{\"timestamp\":\"2999-01-01T00:00:00Z\"}");
    assertThat(subscribed.path("positions").path(topic).toString()).isEqualTo("{\"0\":3,\"1\":0}");
    long number = number(subscribed);
    client.await(message -> TestClient.isOf(message, "live", number));
    topics.produce(topic, 0, null, "next");
    assertThat(offsets(client.awaitRecords(number, 1))).containsExactly(3L);
  }

  private static long number(JsonNode subscribed) {
    assertThat(subscribed.path("type").asText()).as("%s", subscribed).isEqualTo("subscribed");
    return subscribed.path("subscription").asLong();
  }

  @Test
  void whatRetentionTookIsToldAsAGap() {
    String topic = topics.create("retention", 1);
    topics.produceMany(topic, 0, "v", 10);
    topics.deleteBefore(topic, 0, 6);
    long number = client.subscribe(topic, at(topic, "{\"0\":2}")).path("subscription").asLong();
    JsonNode gap = client.await(message -> TestClient.isOf(message, "gap", number));
    assertThat(gap.path("reason").asText()).isEqualTo("retention");
    assertThat(gap.path("from").asLong()).isEqualTo(2);
    assertThat(gap.path("to").asLong()).isEqualTo(6);
    assertThat(offsets(client.awaitRecords(number, 4))).containsExactly(6L, 7L, 8L, 9L);
  }

  @Test
  void aTopicThatWasMadeAgainIsToldAndReadFromItsOldestRecord() {
    String topic = topics.create("again", 1);
    topics.produceMany(topic, 0, "old", 10);
    JsonNode before = client.subscribe(topic, "\"latest\"");
    JsonNode ids = before.path("topicIds");
    client.call(
        Json.message("unsubscribe").put("subscription", before.path("subscription").asLong()));
    topics.delete(topic);
    Eventually.until(
        () -> !topics.names().contains(topic),
        TestClient.PATIENCE,
        () -> "The topic is still there.");
    topics.createNamed(topic, 1, Map.of());
    topics.produceMany(topic, 0, "new", 3);
    try (Gateway other = Gateway.start(Broker.shared());
        TestClient moved = TestClient.connect(other.ws())) {
      ObjectNode subscribe = Json.message("subscribe").put("channel", topic);
      ((ObjectNode) subscribe.set("from", Json.read(at(topic, "{\"0\":8}"))))
          .withObjectProperty("from")
          .set("topicIds", ids);
      JsonNode subscribed = moved.call(subscribe);
      assertThat(subscribed.path("type").asText()).as("%s", subscribed).isEqualTo("subscribed");
      assertThat(subscribed.path("topicIds")).isNotEqualTo(ids);
      long number = subscribed.path("subscription").asLong();
      JsonNode gap = moved.await(message -> TestClient.isOf(message, "gap", number));
      assertThat(gap.path("reason").asText()).isEqualTo("topic-recreated");
      assertThat(gap.path("from").asLong()).isEqualTo(8);
      assertThat(gap.path("to").isNull()).isTrue();
      List<JsonNode> records = moved.awaitRecords(number, 3);
      assertThat(offsets(records)).containsExactly(0L, 1L, 2L);
      assertThat(records.getFirst().path("value").asText()).isEqualTo("new0");
    }
  }

  @Test
  void aPartitionThatIsAddedLaterIsReadFromItsOldestRecord() {
    String topic = topics.create("grows", 1);
    long number = client.subscribe(topic, "\"latest\"").path("subscription").asLong();
    topics.expand(topic, 2);
    topics.produceMany(topic, 1, "v", 3);
    List<JsonNode> records = client.awaitRecords(number, 3);
    assertThat(offsets(records)).containsExactly(0L, 1L, 2L);
    assertThat(records).allMatch(record -> record.path("partition").asInt() == 1);
  }

  /** Stops reading, lets far more come than window and socket hold, and reads on. */
  private long fallOut(String topic, String overflow, int records) {
    long number =
        client
            .call(Json.message("subscribe").put("channel", topic).put("overflow", overflow))
            .path("subscription")
            .asLong();
    client.stopReading();
    String large = "x".repeat(LARGE);
    topics.produceAll(
        IntStream.range(0, records)
            .mapToObj(
                i -> new ProducerRecord<String, byte[]>(topic, 0, null, large.getBytes(UTF_8)))
            .toList());
    return number;
  }

  @Test
  void whoSkipsIsToldWhatItMissedAndGoesOn() {
    int records = 800; // 50 MB: the kernel may take several of them
    String topic = topics.create("skips", 1);
    long number = fallOut(topic, "skip", records);
    client.goOnReading();
    List<Long> seen = new ArrayList<>();
    long missed = 0;
    long next = 0;
    while (next < records) {
      JsonNode message =
          client.await(
              m -> TestClient.isOf(m, "records", number) || TestClient.isOf(m, "gap", number));
      if (message.path("type").asText().equals("gap")) {
        assertThat(message.path("reason").asText()).isEqualTo("overflow");
        assertThat(message.path("from").asLong())
            .as("the gap stands where the records would")
            .isEqualTo(next);
        next = message.path("to").asLong();
        missed += next - message.path("from").asLong();
      } else {
        for (JsonNode record : message.path("records")) {
          assertThat(record.path("offset").asLong()).isEqualTo(next++);
          seen.add(record.path("offset").asLong());
        }
      }
    }
    assertThat(missed).isPositive();
    assertThat(seen.size() + missed).isEqualTo(records);
  }

  @Test
  void whoEndsIsToldWhereItStood() {
    int records = 800;
    String topic = topics.create("ends", 1);
    long number = fallOut(topic, "end", records);
    client.goOnReading();
    JsonNode ended = client.await(message -> TestClient.isOf(message, "ended", number));
    assertThat(ended.path("code").asText()).isEqualTo("slow");
    long stood = ended.path("positions").path(topic).path("0").asLong();
    int came =
        client.kept().stream()
            .filter(message -> TestClient.isOf(message, "records", number))
            .mapToInt(message -> message.path("records").size())
            .sum();
    assertThat(stood).as("all that came, and no more").isEqualTo((long) came).isLessThan(records);
    // Taken out: the next subscription has the same meaning, and so the same number.
    assertThat(client.awaitRecords(number, came)).hasSize(came);
    JsonNode again = client.subscribe(topic, at(topic, "{\"0\":" + stood + "}"));
    assertThat(offsets(client.awaitRecords(again.path("subscription").asLong(), 1)).getFirst())
        .isEqualTo(stood);
  }
}
