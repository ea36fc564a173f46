package io.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sluice.testing.Broker;
import io.sluice.testing.Gateway;
import io.sluice.testing.TestClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every conversation in {@code docs/protocol.md} is held with a gateway, word for word. */
class TranscriptsIT {
  private static final Path DOCUMENT = Path.of("docs", "protocol.md");
  private static final AsyncApi API = AsyncApi.read();

  private static Broker broker;
  private static Gateway gateway;
  private static int count;

  @BeforeAll
  static void start() {
    broker = Broker.shared();
    gateway = Gateway.start(broker);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  static List<Transcript> transcripts() {
    return Transcript.in(DOCUMENT);
  }

  @Test
  void theDocumentHasTranscripts() {
    assertThat(transcripts()).hasSizeGreaterThan(5);
  }

  @ParameterizedTest
  @MethodSource("transcripts")
  void theGatewaySaysWhatTheDocumentSays(Transcript transcript) {
    try (TestClient client = TestClient.connect(gateway.ws())) {
      Replay replay = new Replay(client, "t" + ++count + "-");
      client.await("welcome");
      transcript.steps().forEach(replay::take);
      assertThat(client.kept())
          .as("what the document does not tell of")
          .allMatch(message -> message.path("type").asText().equals("position"));
    }
  }

  /** One conversation, with names of topics and numbers of subscriptions of its own. */
  private static final class Replay {
    private final TestClient client;
    private final String prefix;
    private final Set<String> topics = new HashSet<>();
    private final Map<Long, Long> subscriptions = new HashMap<>();

    Replay(TestClient client, String prefix) {
      this.client = client;
      this.prefix = prefix;
    }

    void take(Transcript.Step step) {
      switch (step) {
        case Transcript.MakeTopic(String name, int partitions) -> {
          topics.add(name);
          broker.topics().createNamed(prefix + name, partitions, Map.of());
        }
        case Transcript.WriteRecord(String topic, int partition, String key, String value) -> {
          var unused =
              broker
                  .topics()
                  .produceAll(
                      List.of(
                          new ProducerRecord<>(
                              prefix + topic,
                              partition,
                              key,
                              value.getBytes(StandardCharsets.UTF_8))));
        }
        case Transcript.Sent(JsonNode message) -> {
          JsonNode sent = translated(message, subscriptions);
          assertThat(API.complaints(sent)).as("%s", sent).isEmpty();
          client.sendText(sent.toString());
        }
        case Transcript.Received(JsonNode message) -> {
          JsonNode expected = translated(message, Map.of());
          JsonNode received = client.await(each -> says(expected, each));
          assertThat(API.complaints(received)).as("%s", received).isEmpty();
          if (expected.has("subscription")) {
            subscriptions.putIfAbsent(
                message.path("subscription").asLong(), received.path("subscription").asLong());
          }
        }
      }
    }

    /** The names of the document become those of this run, and so do numbers that are known. */
    private JsonNode translated(JsonNode node, Map<Long, Long> numbers) {
      return switch (node) {
        case ObjectNode object -> {
          ObjectNode result = JsonNodeFactory.instance.objectNode();
          for (Map.Entry<String, JsonNode> field : object.properties()) {
            Long number =
                field.getKey().equals("subscription")
                    ? numbers.get(field.getValue().asLong())
                    : null;
            result.set(
                name(field.getKey()),
                number == null ? translated(field.getValue(), numbers) : LongNode.valueOf(number));
          }
          yield result;
        }
        case ArrayNode array -> {
          ArrayNode result = JsonNodeFactory.instance.arrayNode();
          array.forEach(element -> result.add(translated(element, numbers)));
          yield result;
        }
        case TextNode text -> TextNode.valueOf(name(text.textValue()));
        default -> node;
      };
    }

    private String name(String text) {
      return topics.contains(text) || text.contains("*") && !text.contains(" ")
          ? prefix + text
          : text;
    }

    /** Whether {@code received} is what the document has, up to what differs from run to run. */
    private boolean says(JsonNode expected, JsonNode received) {
      if (expected.isTextual() && expected.textValue().equals("…")) {
        return true;
      }
      if (expected.isObject()) {
        if (!received.isObject() || expected.size() != received.size()) {
          return false;
        }
        for (Iterator<Map.Entry<String, JsonNode>> each = expected.fields(); each.hasNext(); ) {
          Map.Entry<String, JsonNode> entry = each.next();
          JsonNode other = received.get(entry.getKey());
          if (other == null || !saysIn(entry.getKey(), entry.getValue(), other)) {
            return false;
          }
        }
        return true;
      }
      if (expected.isArray()) {
        if (!received.isArray() || expected.size() != received.size()) {
          return false;
        }
        for (int i = 0; i < expected.size(); i++) {
          if (!says(expected.get(i), received.get(i))) {
            return false;
          }
        }
        return true;
      }
      return expected.isNumber() && received.isNumber()
          ? expected.decimalValue().compareTo(received.decimalValue()) == 0
          : expected.equals(received);
    }

    private boolean saysIn(String field, JsonNode expected, JsonNode received) {
      return switch (field) {
        case "timestamp" -> received.isNumber();
        case "subscription" -> {
          Long known = subscriptions.get(expected.asLong());
          yield received.isNumber() && (known == null || known == received.asLong());
        }
        default -> says(expected, received);
      };
    }
  }
}
