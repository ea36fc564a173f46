package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.testing.Broker;
import io.sluice.testing.Gateway;
import io.sluice.testing.Json;
import io.sluice.testing.TestClient;
import io.sluice.testing.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Subscriptions to all topics of a pattern, as they come and go. */
class GlobsIT extends OneClient {
  /** A topic is seen after 5 s at the latest; the rest is a busy machine. */
  private static final Duration SEEN_WITHIN = Duration.ofSeconds(20);

  private final Topics topics = Broker.shared().topics();
  private final String family = Broker.uniqueName("glob");

  @BeforeAll
  static void start() {
    gateway = Gateway.start(Broker.shared(), Map.of("sluice.relay.max-topics-per-glob", "3"));
  }

  private String create(String name, int partitions) {
    String topic = family + "." + name;
    topics.createNamed(topic, partitions, Map.of());
    return topic;
  }

  private static List<String> places(List<JsonNode> records) {
    return records.stream()
        .map(record -> record.path("topic").asText() + "@" + record.path("offset").asLong())
        .toList();
  }

  private JsonNode nextRecords(long number) {
    return client.await(message -> TestClient.isOf(message, "records", number), SEEN_WITHIN);
  }

  @Test
  void allThatMatchAreReadAndOnlyThose() {
    String a = create("a", 1);
    String b = create("b", 2);
    String deeper = create("b.deeper", 1);
    topics.produce(a, 0, null, "old");
    JsonNode subscribed = client.subscribe(family + ".*", "\"latest\"");
    long number = subscribed.path("subscription").asLong();
    assertThat(Json.positions(subscribed.path("positions")).toString())
        .isEqualTo("{" + a + "-0=1, " + b + "-0=0, " + b + "-1=0}");
    assertThat(subscribed.path("topicIds").has(a)).isTrue();
    assertThat(subscribed.path("topicIds").has(b)).isTrue();
    topics.produce(deeper, 0, null, "not asked for");
    topics.produce(b, 1, null, "new");
    assertThat(places(client.awaitRecords(number, 1))).containsExactly(b + "@0");
    topics.produce(a, 0, null, "new");
    assertThat(places(client.awaitRecords(number, 1))).containsExactly(a + "@1");
  }

  @Test
  void aTopicThatIsMadeLaterJoinsFromItsOldestRecordAlsoWhereThereWasNone() {
    JsonNode subscribed = client.subscribe(family + ".**", "\"latest\"");
    long number = subscribed.path("subscription").asLong();
    assertThat(subscribed.path("positions").isEmpty()).isTrue();
    client.await(message -> TestClient.isOf(message, "live", number));

    String topic = create("new.one", 1);
    topics.produceMany(topic, 0, "v", 3);

    assertThat(places(List.of(nextRecords(number).path("records").get(0))))
        .containsExactly(topic + "@0");
    topics.produce(topic, 0, null, "more");
    JsonNode last = nextRecords(number).path("records");
    while (last.get(last.size() - 1).path("offset").asLong() < 3) {
      last = nextRecords(number).path("records");
    }
    assertThat(last.get(last.size() - 1).path("value").asText()).isEqualTo("more");
  }

  @Test
  void aTopicThatIsDeletedLeavesAndTheRestGoesOn() {
    String stays = create("stays", 1);
    String goes = create("goes", 1);
    JsonNode subscribed = client.subscribe(family + ".*", "\"latest\"");
    long number = subscribed.path("subscription").asLong();
    topics.produce(goes, 0, null, "last words");
    assertThat(places(client.awaitRecords(number, 1))).containsExactly(goes + "@0");
    topics.delete(goes);
    // Another gets its name, which is news of its own, and says that the first was seen to go.
    topics.createNamed(goes, 1, Map.of());
    topics.produce(goes, 0, null, "first words");
    JsonNode gap = client.await(message -> TestClient.isOf(message, "gap", number), SEEN_WITHIN);
    assertThat(gap.path("reason").asText()).isEqualTo("topic-recreated");
    assertThat(gap.path("topic").asText()).isEqualTo(goes);
    assertThat(gap.path("to").isNull()).isTrue();
    assertThat(places(client.awaitRecords(number, 1))).containsExactly(goes + "@0");
    topics.produce(stays, 0, null, "still here");
    assertThat(places(client.awaitRecords(number, 1))).containsExactly(stays + "@0");
    assertThat(client.kept()).noneMatch(message -> message.path("type").asText().equals("ended"));
  }

  @Test
  void whoResumesWithTheGlobGoesOnInEachTopicAndReadsNewOnesFromTheirOldest() {
    String a = create("a", 1);
    String b = create("b", 1);
    topics.produceMany(a, 0, "v", 3);
    topics.produceMany(b, 0, "v", 2);
    String from = "{\"positions\":{\"" + a + "\":{\"0\":2}}}";
    JsonNode subscribed = client.subscribe(family + ".*", from);
    long number = subscribed.path("subscription").asLong();
    assertThat(places(client.awaitRecords(number, 3)))
        .containsExactlyInAnyOrder(a + "@2", b + "@0", b + "@1");
    client.await(message -> TestClient.isOf(message, "live", number));
  }

  @Test
  void moreTopicsThanAllowedAreTooManyAndTheSettingIsNamed() {
    for (int i = 0; i < 3; i++) {
      create("t" + i, 1);
    }
    JsonNode subscribed = client.subscribe(family + ".*", "\"latest\"");
    long number = subscribed.path("subscription").asLong();
    create("t3", 1);
    JsonNode ended =
        client.await(message -> TestClient.isOf(message, "ended", number), SEEN_WITHIN);
    assertThat(ended.path("code").asText()).isEqualTo("too-many");
    assertThat(ended.path("message").asText()).contains("sluice.relay.max-topics-per-glob");
    assertThat(ended.path("positions").path(family + ".t0").path("0").asLong(-1)).isZero();
    JsonNode refused = client.subscribe(family + ".*", "\"latest\"");
    assertThat(refused.path("code").asText()).isEqualTo("too-many");
    assertThat(refused.path("message").asText()).contains("sluice.relay.max-topics-per-glob");
  }

  @Test
  void internalTopicsNeverMatchAndWhatIsNoGlobIsRefusedWithTheReason() {
    topics.produceTransaction(create("tx", 1), 0, List.of("v"), true); // makes an internal one
    JsonNode internal = client.subscribe("__*", "\"earliest\"");
    assertThat(internal.path("type").asText()).isEqualTo("subscribed");
    assertThat(internal.path("positions").isEmpty()).isTrue();
    for (Map.Entry<String, String> bad :
        Map.of("(a+)+$*", "letters", "*".repeat(10_000), "at most 249", "a.***", "in a row")
            .entrySet()) {
      JsonNode refused = client.subscribe(bad.getKey(), "\"latest\"");
      assertThat(refused.path("code").asText()).isEqualTo("invalid");
      assertThat(refused.path("field").asText()).isEqualTo("channel");
      assertThat(refused.path("message").asText()).contains(bad.getValue());
    }
    JsonNode other = client.subscribe(family + ".*", "{\"positions\":{\"elsewhere\":{\"0\":0}}}");
    assertThat(other.path("code").asText()).isEqualTo("invalid");
    assertThat(other.path("field").asText()).isEqualTo("from.positions");
    JsonNode publish = client.publish(family + ".*", null, "v");
    assertThat(publish.path("code").asText()).isEqualTo("invalid");
  }
}
