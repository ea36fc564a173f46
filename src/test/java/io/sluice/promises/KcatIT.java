package io.sluice.promises;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.testing.Broker;
import io.sluice.testing.Gateway;
import io.sluice.testing.Prerequisite;
import io.sluice.testing.TestClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What goes in through the gateway is an ordinary record to everybody else's tools, and the other
 * way round.
 */
class KcatIT {
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    gateway = Gateway.start(Broker.shared());
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static JsonNode publish(TestClient client, String topic) {
    // As text: the very bytes of the value have to be stored.
    client.sendText(
        """
        {"type":"publish","channel":"%s","key":"42","headers":{"source":"web"},"value":{ "total":12.50 }}
        """
            .formatted(topic));
    return client.await("published");
  }

  @Test
  void aPlainConsumerReadsWhatWasPublishedByteForByte() {
    String topic = Broker.shared().topics().create("plain", 3);
    try (TestClient client = TestClient.connect(gateway.ws())) {
      JsonNode stored = publish(client, topic).path("records").path(0);
      ConsumerRecord<byte[], byte[]> record = Broker.shared().topics().readAll(topic).getFirst();
      assertThat(record.partition()).isEqualTo(stored.path("partition").asInt(-1));
      assertThat(record.offset()).isEqualTo(stored.path("offset").asLong(-1));
      assertThat(record.timestamp()).isEqualTo(stored.path("timestamp").asLong(-1));
      assertThat(new String(record.key(), UTF_8)).isEqualTo("42");
      assertThat(new String(record.value(), UTF_8)).isEqualTo("{ \"total\":12.50 }");
      assertThat(new String(record.headers().lastHeader("source").value(), UTF_8)).isEqualTo("web");
    }
  }

  @Test
  void kcatReadsWhatWasPublished() throws Exception {
    Prerequisite.require(Files.isExecutable(Path.of("/usr/bin/kcat")), "kcat is not installed");
    String topic = Broker.shared().topics().create("to-kcat", 1);
    try (TestClient client = TestClient.connect(gateway.ws())) {
      publish(client, topic);
      assertThat(
              kcat("", "-C", "-t", topic, "-o", "beginning", "-e", "-q", "-f", "%p %o %k %h %s\\n"))
          .isEqualTo("0 0 42 source=web { \"total\":12.50 }\n");
    }
  }

  @Test
  void whatKcatProducesArrives() throws Exception {
    Prerequisite.require(Files.isExecutable(Path.of("/usr/bin/kcat")), "kcat is not installed");
    String topic = Broker.shared().topics().create("from-kcat", 1);
    try (TestClient client = TestClient.connect(gateway.ws())) {
      long subscription = client.subscribe(topic, "\"latest\"").path("subscription").asLong();
      kcat("a:{\"n\":1}\nb:plain\n", "-P", "-t", topic, "-K:", "-H", "source=kcat");
      List<JsonNode> records = client.awaitRecords(subscription, 2);
      assertThat(records.get(0).path("key").asText()).isEqualTo("a");
      assertThat(records.get(0).path("value").path("n").asInt()).isEqualTo(1);
      assertThat(records.get(0).path("headers").path("source").asText()).isEqualTo("kcat");
      assertThat(records.get(1).path("value").asText()).isEqualTo("plain");
      assertThat(records.get(1).path("valueType").asText()).isEqualTo("text");
    }
  }

  private static String kcat(String input, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("/usr/bin/kcat", "-b", Broker.shared().bootstrapServers()));
    command.addAll(List.of(arguments));
    Process kcat =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var in = kcat.outputWriter(UTF_8)) {
      in.write(input);
    }
    String output = new String(kcat.getInputStream().readAllBytes(), UTF_8);
    assertThat(kcat.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(kcat.exitValue()).as("kcat's exit code; it said %s", output).isZero();
    return output;
  }
}
