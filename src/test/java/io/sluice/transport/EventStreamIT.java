package io.sluice.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.testing.Broker;
import io.sluice.testing.EventStreamClient;
import io.sluice.testing.Eventually;
import io.sluice.testing.Gateway;
import io.sluice.testing.Json;
import io.sluice.testing.RawHttp;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code GET /v1/channels/{channel}} as an event stream, with a plain socket, Java's client, and
 * curl.
 */
class EventStreamIT {
  private static final int MAX_RECORD = 16 * 1024;

  private static Gateway gateway;
  private static RawHttp raw;

  private String topic;

  @BeforeAll
  static void start() {
    gateway =
        Gateway.start(
            Broker.shared(),
            Map.of(
                "sluice.relay.max-record-bytes", Integer.toString(MAX_RECORD),
                "sluice.websocket.heartbeat", "500ms",
                "sluice.websocket.stall-timeout", "2s",
                "micronaut.server.netty.child-options.SO_SNDBUF", "16384",
                "sluice.websocket.allowed-origins", "https://good.example"));
    raw = new RawHttp(gateway.ws().getPort());
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void topic() {
    topic = Broker.shared().topics().create("events", 2);
  }

  private EventStreamClient open(String query) {
    return EventStreamClient.open(gateway.channel(topic + query));
  }

  @Test
  void streamBeginsWithWhatAClientNeedsToComeBack() {
    try (EventStreamClient client = open("")) {
      assertThat(client.head())
          .contains(
              "Content-Type: text/event-stream\r\n",
              "Cache-Control: no-store\r\n",
              "X-Accel-Buffering: no\r\n",
              "Connection: close\r\n")
          .doesNotContain("Content-Length", "Transfer-Encoding", "Access-Control");
      assertThat(client.await("welcome").path("heartbeatMs").asInt()).isEqualTo(500);
      JsonNode subscribed = client.await("subscribed");
      assertThat(subscribed.path("positions"))
          .isEqualTo(Json.read("{\"%s\":{\"0\":0,\"1\":0}}".formatted(topic)));
      client.await("live");
      assertThat(client.lastEventId()).startsWith("1~" + topic + "~").endsWith("~0.0");
      assertThat(client.retryMillis()).isBetween(500L, 1_500L);
    }
  }

  @Test
  void recordsComeInJsonOneALine() {
    produce(0, "{\"a\":\n1}", "hällo\nwelt", null);
    try (EventStreamClient client = open("?from=earliest")) {
      List<JsonNode> records = client.awaitRecords(3);
      assertThat(records.get(0).path("value")).isEqualTo(Json.read("{\"a\":1}"));
      assertThat(records.get(1).path("value").asText()).isEqualTo("hällo\nwelt");
      assertThat(records.get(2).path("value").isNull()).isTrue();
      assertThat(records).extracting(r -> r.path("offset").asInt()).containsExactly(0, 1, 2);
      client.await("live");
    }
    try (EventStreamClient client = open("?from=earliest&value=base64")) {
      assertThat(client.awaitRecords(1).getFirst().path("valueType").asText()).isEqualTo("base64");
    }
  }

  @Test
  void streamGoesOnExactlyWhereTheLastIdSays() {
    Broker.shared().topics().produceMany(topic, 0, "a", 10);
    Broker.shared().topics().produceMany(topic, 1, "b", 5);
    String id;
    try (EventStreamClient client = open("?from=positions:0=7,1=5")) {
      client.awaitRecords(3);
      Eventually.until(
          () -> client.lastEventId().endsWith("~a.5"),
          Duration.ofSeconds(10),
          () -> "stands at " + client.lastEventId());
      id = client.lastEventId();
    }
    Broker.shared().topics().produce(topic, 0, null, "a10");
    Broker.shared().topics().produce(topic, 1, null, "b5");
    for (EventStreamClient resumed :
        List.of(
            EventStreamClient.open(
                gateway.channel(topic + "?from=earliest"), Map.of("Last-Event-ID", id)),
            open("?from=earliest&last-event-id=" + id))) {
      try (resumed) {
        assertThat(resumed.awaitRecords(2))
            .extracting(record -> record.path("value").asText())
            .containsExactlyInAnyOrder("a10", "b5");
      }
    }
  }

  @Test
  void gapsAreEventsAndTheIdPassesThem() {
    produce(0, "before", "x".repeat(MAX_RECORD + 1), "after");
    try (EventStreamClient client = open("?from=earliest")) {
      assertThat(client.awaitRecords(1).getFirst().path("value").asText()).isEqualTo("before");
      assertThat(client.await("gap").path("reason").asText()).isEqualTo("too-large");
      client.awaitRecords(1);
    }
    Broker.shared().topics().deleteBefore(topic, 0, 2);
    try (EventStreamClient client = open("?from=positions:0=1,1=0")) {
      JsonNode gap = client.await("gap");
      assertThat(gap.path("reason").asText()).isEqualTo("retention");
      assertThat(gap.path("to").asInt()).isEqualTo(2);
      client.awaitRecords(1);
      Eventually.until(
          () -> client.lastEventId().endsWith("~3.0"),
          Duration.ofSeconds(10),
          () -> "stands at " + client.lastEventId());
    }
  }

  @Test
  void deletedTopicEndsTheStreamWithAWord() {
    try (EventStreamClient client = open("")) {
      client.await("live");
      Broker.shared().topics().delete(topic);
      assertThat(client.await("ended").path("code").asText()).isEqualTo("topic-deleted");
      Eventually.until(() -> !client.isOpen(), Duration.ofSeconds(10), () -> "The stream goes on.");
    }
  }

  @Test
  void commentsShowThatTheStreamLives() throws IOException {
    try (Socket socket = raw.connect()) {
      RawHttp.send(socket, raw.request("GET", path(), "Accept: text/event-stream\r\n"));
      RawHttp.readUntil(socket, "event: live\n");
      assertThat(RawHttp.readUntil(socket, "\n:\n")).doesNotContain("event:");
      assertThat(RawHttp.readUntil(socket, ":\n")).isEqualTo(":\n");
    }
  }

  @Test
  void whatComesBehindAStreamIsNotAnswered() throws IOException {
    try (Socket socket = raw.connect()) {
      RawHttp.send(
          socket,
          raw.request("GET", path(), "Accept: text/event-stream\r\n")
              + raw.request("GET", "/health", "")
              + raw.post(path(), "", "x"));
      String stream = RawHttp.readUntil(socket, "\n:\n");
      assertThat(stream).containsOnlyOnce("HTTP/1.1 ");
    }
    assertThat(Broker.shared().topics().readAll(topic)).isEmpty();
  }

  @Test
  void clientThatGoesIsNoSubscriberAnyMore() {
    TransportCounters counters = gateway.part(WebSocketTransport.class).counters();
    long before = counters.streams();
    EventStreamClient client = open("");
    client.await("live");
    assertThat(counters.streams()).isEqualTo(before + 1);
    client.cut();
    Eventually.until(
        () -> counters.streams() == before, Duration.ofSeconds(10), () -> "The stream stays open.");
  }

  @Test
  void clientThatTakesNothingForTheStallTimeoutIsCutOff() throws IOException {
    TransportCounters counters = gateway.part(WebSocketTransport.class).counters();
    long before = counters.streams();
    String[] values = new String[300]; // 4 MB: more than all buffers in between
    Arrays.fill(values, "x".repeat(14_000));
    produce(0, values);
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(16 * 1024);
      socket.connect(new InetSocketAddress("127.0.0.1", raw.port()));
      RawHttp.send(
          socket, raw.request("GET", path() + "?from=earliest", "Accept: text/event-stream\r\n"));
      RawHttp.readUntil(socket, "event: subscribed\n");
      assertThat(counters.streams()).isEqualTo(before + 1);
      Eventually.until(
          () -> counters.streams() == before,
          Duration.ofSeconds(15),
          () -> "The stream of a client that takes nothing stays open.");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no-such-channel | 404 | channel",
        "__consumer_offsets | 404 | channel",
        "a.* | 400 | channel",
        "a%2F%2E%2E | 404 | channel",
        "TOPIC?nonsense | 400 | nonsense",
        "TOPIC?from=never | 400 | from",
        "TOPIC?mode=queue | 400 | mode",
        "TOPIC?filter=x | 400 | filter",
        "TOPIC?publish-key=k | 400 | publish-key",
        "TOPIC?writeonly | 400 | writeonly",
        "TOPIC?last-event-id=17 | 400 | last-event-id",
        "TOPIC?last-event-id=1~other~x~1 | 400 | from.positions",
        "TOPIC?from=positions:0=99 | 400 | ''"
      })
  void whatCannotBeReadIsRefusedByName(String rest, int status, String field) throws IOException {
    String target = "/v1/channels/" + rest.replace("TOPIC", topic);
    String answer =
        raw.exchange(
            raw.request("GET", target, "Accept: text/event-stream\r\nConnection: close\r\n"));
    assertThat(answer)
        .startsWith("HTTP/1.1 " + status + " ")
        .contains("Content-Type: application/problem+json\r\n");
    JsonNode problem = Json.read(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    assertThat(problem.path("field").asText("")).isEqualTo(field);
  }

  @Test
  void malformedLastEventIdIsRefusedByName() {
    assertThatThrownBy(() ->
            EventStreamClient.open(gateway.channel(topic), Map.of("Last-Event-ID", "garbage")))
        .hasMessageContaining("HTTP/1.1 400 ")
        .hasMessageContaining("\"field\":\"Last-Event-ID\"");
  }

  @Test
  void lastEventIdOfTheLargestSizeIsRead() {
    StringBuilder id = new StringBuilder("1~" + topic + "~~0.0");
    while (id.length() < 7_900) {
      id.append(".0");
    }
    for (EventStreamClient client :
        List.of(
            EventStreamClient.open(gateway.channel(topic), Map.of("Last-Event-ID", id.toString())),
            open("?last-event-id=" + id))) {
      try (client) {
        client.await("subscribed");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''",
        "Accept: */*",
        "Accept: application/json",
        "Accept: text/event-stream;q=0",
        "Accept: text/event-streams"
      })
  void whoAsksForNeitherIsToldWhatToAskFor(String header) throws IOException {
    String headers = header.isEmpty() ? "" : header + "\r\n";
    assertThat(raw.exchange(raw.request("GET", path(), headers)))
        .startsWith("HTTP/1.1 406 ")
        .contains("text/event-stream", "Upgrade: websocket");
  }

  @Test
  void headTellsWhetherAStreamWouldBegin() throws IOException {
    String answer =
        raw.exchange(raw.request("HEAD", path(), "Accept: text/html, Text/Event-Stream\r\n"));
    assertThat(answer)
        .startsWith("HTTP/1.1 200 ")
        .contains("Content-Type: text/event-stream\r\n")
        .endsWith("\r\n\r\n");
    assertThat(
            raw.exchange(
                raw.request(
                    "HEAD",
                    "/v1/channels/no-such-channel",
                    "Accept: text/event-stream\r\nConnection: close\r\n")))
        .startsWith("HTTP/1.1 404 ")
        .endsWith("\r\n\r\n");
    assertThat(raw.exchange(raw.request("PUT", path(), "")))
        .startsWith("HTTP/1.1 405 ")
        .contains("Allow: GET, HEAD, POST, OPTIONS\r\n");
  }

  @Test
  void pageOfAListedOriginMayRead() {
    try (EventStreamClient client =
        EventStreamClient.open(gateway.channel(topic), Map.of("Origin", "https://good.example"))) {
      assertThat(client.head())
          .contains("Access-Control-Allow-Origin: https://good.example\r\n", "Vary: Origin\r\n");
    }
  }

  @Test
  void javaReadsTheStreamAsLines() throws Exception {
    Broker.shared().topics().produceMany(topic, 0, "v", 3);
    HttpRequest request =
        HttpRequest.newBuilder(gateway.channel(topic + "?from=earliest"))
            .header("Accept", "text/event-stream")
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<Stream<String>> response = client.send(request, BodyHandlers.ofLines());
      assertThat(response.statusCode()).isEqualTo(200);
      Iterator<String> lines = response.body().iterator();
      for (int i = 0; i < 3; i++) {
        assertThat(nextData(lines::next)).contains("\"value\":\"v" + i + "\"");
      }
      client.shutdownNow();
    }
  }

  @Test
  void curlReadsTheStream() throws Exception {
    Broker.shared().topics().produceMany(topic, 0, "v", 2);
    Process curl =
        new ProcessBuilder(
                "curl",
                "-sN",
                "-H",
                "Accept: text/event-stream",
                gateway.channel(topic + "?from=earliest").toString())
            .start();
    try (BufferedReader lines = curl.inputReader(UTF_8)) {
      for (int i = 0; i < 2; i++) {
        assertThat(nextData(lines::readLine)).contains("\"value\":\"v" + i + "\"");
      }
      Broker.shared().topics().produce(topic, 0, null, "v2");
      assertThat(nextData(lines::readLine)).contains("\"value\":\"v2\"");
    } finally {
      curl.destroy();
      assertThat(curl.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private interface Lines {
    String next() throws IOException;
  }

  /** The data of the next record. */
  private static String nextData(Lines lines) throws IOException {
    String line = lines.next();
    while (!line.startsWith("data: {\"topic\"")) {
      line = lines.next();
    }
    return line;
  }

  private void produce(int partition, @Nullable String... values) {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    for (String value : values) {
      records.add(
          new ProducerRecord<>(
              topic, partition, null, value == null ? null : value.getBytes(UTF_8)));
    }
    Broker.shared().topics().produceAll(records);
  }

  private String path() {
    return "/v1/channels/" + topic;
  }
}
