package io.sluice.promises;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.relay.Relay;
import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.Gateway;
import io.sluice.testing.Json;
import io.sluice.testing.KeyedMember;
import io.sluice.testing.Swarm;
import io.sluice.testing.TestClient;
import io.sluice.testing.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Subscriptions to the records of one key. */
class KeysIT {
  private static final Logger LOG = LoggerFactory.getLogger(KeysIT.class);
  private static final int SOCKETS = 1_000;
  private static final int KEYS_PER_SOCKET = 10;
  private static final int KEYS = SOCKETS * KEYS_PER_SOCKET;
  private static final int ROUNDS = 3;

  private static Gateway gateway;

  private final Topics topics = Broker.shared().topics();

  @BeforeAll
  static void start() {
    gateway =
        Gateway.start(
            Broker.shared(),
            Map.of(
                "sluice.relay.max-feeds",
                Integer.toString(2 * KEYS),
                "sluice.relay.linger",
                "0s")); // who comes back finds no window
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static JsonNode subscribe(TestClient client, String topic, String key, String from) {
    ObjectNode command = Json.message("subscribe").put("channel", topic).put("key", key);
    return client.call(command.set("from", Json.read(from)));
  }

  @Test
  void onlyTheRecordsOfItsKeyCome() {
    String topic = topics.create("keys", 2);
    topics.produce(topic, 0, "a", "old a");
    topics.produce(topic, 0, "b", "old b");
    try (TestClient client = TestClient.connect(gateway.ws())) {
      long a = subscribe(client, topic, "a", "\"earliest\"").path("subscription").asLong();
      long b = subscribe(client, topic, "b", "\"latest\"").path("subscription").asLong();
      assertThat(client.awaitRecords(a, 1).getFirst().path("value").asText()).isEqualTo("old a");
      topics.produce(topic, 0, null, "nobody's");
      topics.produce(topic, 1, "a", "new a");
      topics.produce(topic, 1, "b", "new b");
      assertThat(client.awaitRecords(a, 1).getFirst().path("value").asText()).isEqualTo("new a");
      JsonNode record = client.awaitRecords(b, 1).getFirst();
      assertThat(record.path("value").asText()).isEqualTo("new b");
      assertThat(record.path("key").asText()).isEqualTo("b");
      assertThat(client.kept()).noneMatch(m -> m.path("type").asText().equals("records"));
    }
  }

  @Test
  void theSameKeyTwiceIsADuplicateAndAnotherIsNot() {
    String topic = topics.create("same-key", 1);
    try (TestClient client = TestClient.connect(gateway.ws())) {
      JsonNode first = subscribe(client, topic, "a", "\"latest\"");
      JsonNode again = subscribe(client, topic, "a", "\"latest\"");
      assertThat(again.path("code").asText()).isEqualTo("duplicate-subscription");
      assertThat(again.path("subscription").asLong())
          .isEqualTo(first.path("subscription").asLong());
      assertThat(subscribe(client, topic, "b", "\"latest\"").path("type").asText())
          .isEqualTo("subscribed");
      assertThat(client.subscribe(topic, "\"latest\"").path("type").asText())
          .isEqualTo("subscribed");
    }
  }

  @Test
  void aKeyedSubscriptionResumesWithItsPositions() {
    String topic = topics.create("resume-key", 1);
    topics.produce(topic, 0, "a", "one");
    topics.produce(topic, 0, "b", "between");
    topics.produce(topic, 0, "a", "two");
    String from = "{\"positions\":{\"" + topic + "\":{\"0\":1}}}";
    try (TestClient client = TestClient.connect(gateway.ws())) {
      JsonNode subscribed = subscribe(client, topic, "a", from);
      long number = subscribed.path("subscription").asLong();
      assertThat(subscribed.path("positions").path(topic).path("0").asLong()).isEqualTo(1);
      assertThat(client.awaitRecords(number, 1).getFirst().path("value").asText()).isEqualTo("two");
      client.await(message -> TestClient.isOf(message, "live", number));
    }
  }

  /** A7 of the goals: each its own, and nothing else; and when all come back, one read for all. */
  @Test
  void tenThousandKeyedSubscribersGetTheirOwnRecordsAndWhenTheyComeBackShareTheReads() {
    String topic = topics.create("ten-thousand-keys", 4);
    Relay relay = gateway.part(Relay.class);
    awaitNoFeeds(relay);
    try (Swarm swarm = new Swarm()) {
      List<KeyedMember> members = members(topic, "\"latest\"");
      long start = System.nanoTime();
      swarm.join(gateway.ws(), members);
      Duration joined = Duration.ofNanos(System.nanoTime() - start);
      assertThat(relay.counters().feeds()).isEqualTo(KEYS);
      long lookUps = relay.counters().keyLookups();
      long encoded = relay.counters().recordsEncoded();

      long produced = produce(topic);
      Swarm.await(
          members,
          member -> member.received() == ROUNDS * KEYS_PER_SOCKET || !member.fault().isEmpty(),
          Duration.ofSeconds(60));

      assertThat(members)
          .allSatisfy(member -> {
            assertThat(member.fault()).isEmpty();
            assertThat(member.closed()).isEmpty();
            assertThat(member.received()).isEqualTo(ROUNDS * KEYS_PER_SOCKET);
          });
      assertThat(relay.counters().keyLookups() - lookUps).isEqualTo(produced);
      assertThat(relay.counters().recordsEncoded() - encoded).isEqualTo((long) ROUNDS * KEYS);
      LOG.warn("{} keyed subscribers on {} sockets were there after {}", KEYS, SOCKETS, joined);
    }
    awaitNoFeeds(relay);
    try (Swarm swarm = new Swarm()) {
      List<KeyedMember> back = members(topic, "\"earliest\"");
      long reads = relay.counters().replayReads();
      long start = System.nanoTime();
      swarm.join(gateway.ws(), back);
      Swarm.await(
          back,
          member -> member.received() == ROUNDS * KEYS_PER_SOCKET || !member.fault().isEmpty(),
          Duration.ofSeconds(60));
      Duration caughtUp = Duration.ofNanos(System.nanoTime() - start);
      long readAgain = relay.counters().replayReads() - reads;
      LOG.warn("all came back and had read everything after {} and {} reads", caughtUp, readAgain);
      assertThat(back).allSatisfy(member -> assertThat(member.fault()).isEmpty());
      assertThat(readAgain).isPositive().isLessThan(KEYS / 20);
    }
  }

  /** All subscribers have left. */
  private static void awaitNoFeeds(Relay relay) {
    Eventually.until(
        () -> relay.counters().feeds() == 0,
        Duration.ofSeconds(30),
        () -> relay.counters().feeds() + " feeds");
  }

  private static List<KeyedMember> members(String topic, String from) {
    List<KeyedMember> members = new ArrayList<>();
    for (int i = 0; i < SOCKETS; i++) {
      int first = i * KEYS_PER_SOCKET;
      List<String> keys =
          IntStream.range(first, first + KEYS_PER_SOCKET).mapToObj(k -> "key-" + k).toList();
      members.add(new KeyedMember(topic, keys, from, 0));
    }
    return members;
  }

  /** Some of every key in each round, in no order, and as many of keys that nobody wants. */
  private long produce(String topic) {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    Random random = new Random(7);
    for (int round = 0; round < ROUNDS; round++) {
      List<ProducerRecord<String, byte[]>> its = new ArrayList<>();
      for (int key = 0; key < KEYS; key++) {
        its.add(new ProducerRecord<>(topic, "key-" + key, ("" + round).getBytes(UTF_8)));
        if (key % 4 == 0) {
          its.add(new ProducerRecord<>(topic, key % 8 == 0 ? null : "other-" + key, new byte[20]));
        }
      }
      Collections.shuffle(its, random);
      records.addAll(its);
    }
    topics.produceAll(records);
    return records.size();
  }
}
