package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.testing.Broker;
import io.sluice.testing.Gateway;
import io.sluice.testing.TestClient;
import io.sluice.testing.Topics;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Topics that change under the readers of both isolations, who share one watch. */
class UncommittedTopicsIT {
  private static final Topics TOPICS = Broker.shared().topics();

  private String topic;
  private Gateway gateway;
  private TestClient client;

  @BeforeEach
  void start() {
    topic = TOPICS.create("both", 1);
    gateway =
        Gateway.start(
            Broker.shared(),
            Map.of(
                "sluice.channels.open.topics", topic,
                "sluice.channels.open.isolation", "read_uncommitted",
                "sluice.channels.committed.topics", topic));
    client = TestClient.connect(gateway.ws());
  }

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
  }

  @Test
  void partitionsThatAreAddedAreReadByBothAlsoByTheOneThatComesLater() {
    long open = subscribe("open");
    TOPICS.expand(topic, 2);
    TOPICS.produceMany(topic, 1, "v", 3);
    assertThatAllOfPartition1Come(open, 0, 3);
    long committed = subscribe("committed");
    TOPICS.produceMany(topic, 1, "w", 3);
    assertThatAllOfPartition1Come(open, 3, 6);
    assertThatAllOfPartition1Come(committed, 3, 6);
  }

  @Test
  void aTopicThatIsMadeAgainIsReadByBothFromItsFirstRecord() {
    long open = subscribe("open");
    long committed = subscribe("committed");
    TOPICS.produceMany(topic, 0, "old", 5);
    assertThat(client.awaitRecords(open, 5)).hasSize(5);
    assertThat(client.awaitRecords(committed, 5)).hasSize(5);
    TOPICS.delete(topic);
    TOPICS.createNamed(topic, 1, Map.of());
    TOPICS.produceMany(topic, 0, "new", 2);
    for (long subscription : new long[] {open, committed}) {
      JsonNode gap = client.await(message -> TestClient.isOf(message, "gap", subscription));
      assertThat(gap.path("reason").asText()).isEqualTo("topic-recreated");
      assertThat(client.awaitRecords(subscription, 2))
          .extracting(record -> record.path("value").asText())
          .containsExactly("new0", "new1");
    }
  }

  private void assertThatAllOfPartition1Come(long subscription, long from, long to) {
    List<JsonNode> records = client.awaitRecords(subscription, (int) (to - from));
    assertThat(records).allMatch(record -> record.path("partition").asInt() == 1);
    assertThat(records)
        .extracting(record -> record.path("offset").asLong())
        .containsExactlyElementsOf(LongStream.range(from, to).boxed().toList());
  }

  private long subscribe(String channel) {
    JsonNode subscribed = client.subscribe(channel, "\"latest\"");
    assertThat(subscribed.path("type").asText()).as("%s", subscribed).isEqualTo("subscribed");
    return subscribed.path("subscription").asLong();
  }
}
