package io.sluice.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.testing.Broker;
import io.sluice.testing.Gateway;
import io.sluice.testing.Json;
import io.sluice.testing.RawHttp;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /v1/channels/{channel}} with Java's client, curl, and bytes as they are. */
class HttpPublishIT {
  private static final int MAX_RECORD = 16 * 1024;
  private static final int MAX_MESSAGE = 64 * 1024;

  private static Gateway gateway;
  private static HttpClient client;
  private static RawHttp raw;

  private String topic;

  @BeforeAll
  static void start() {
    gateway =
        Gateway.start(
            Broker.shared(),
            Map.of(
                "sluice.relay.max-record-bytes", Integer.toString(MAX_RECORD),
                "sluice.websocket.max-message-bytes", Integer.toString(MAX_MESSAGE),
                "sluice.websocket.allowed-origins", "https://good.example"));
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    raw = new RawHttp(gateway.ws().getPort());
  }

  @AfterAll
  static void stop() {
    client.close();
    gateway.close();
  }

  @BeforeEach
  void topic() {
    topic = Broker.shared().topics().create("http", 2);
  }

  private HttpResponse<String> post(String rest, String type, byte[] body) {
    HttpRequest request =
        HttpRequest.newBuilder(gateway.channel(rest))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    return client.sendAsync(request, BodyHandlers.ofString()).join();
  }

  private HttpResponse<String> postJson(String body) {
    return post(topic, "application/json; charset=utf-8", body.getBytes(UTF_8));
  }

  private List<ConsumerRecord<byte[], byte[]>> stored() {
    return Broker.shared().topics().readAll(topic);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  @Test
  void commandInJsonIsPublishedAsOnAWebSocket() {
    HttpResponse<String> response =
        postJson(
            """
            {"records":[
              {"key":"a","value":{"n": 1},"headers":{"h":"x"},"partition":1},
              {"key":"a","value":"text","valueType":"text","partition":1},
              {"key":"a","value":null,"partition":1}]}\
            """);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    JsonNode published = Json.read(response.body());
    assertThat(published.path("type").asText()).isEqualTo("published");
    assertThat(published.path("records").findValuesAsText("offset")).containsExactly("0", "1", "2");
    List<ConsumerRecord<byte[], byte[]>> stored = stored();
    assertThat(text(stored.get(0).value())).isEqualTo("{\"n\": 1}");
    assertThat(text(stored.get(0).headers().lastHeader("h").value())).isEqualTo("x");
    assertThat(text(stored.get(1).value())).isEqualTo("text");
    assertThat(stored.get(2).value()).isNull();
  }

  @Test
  void singleRecordMayStandAlone() {
    HttpResponse<String> response = postJson("{\"key\":\"k\",\"value\":42}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(stored())
        .singleElement()
        .satisfies(record -> {
          assertThat(text(record.key())).isEqualTo("k");
          assertThat(text(record.value())).isEqualTo("42");
        });
  }

  @Test
  void anyOtherBodyIsOneValueAsItsBytes() {
    assertThat(post(topic + "?key=k%20+1", "text/plain", "hällo".getBytes(UTF_8)).statusCode())
        .isEqualTo(200);
    byte[] bytes = {0, -1, 13, 10};
    assertThat(post(topic + "?publish-key=k%20+1", "image/png", bytes).statusCode()).isEqualTo(200);
    assertThat(post(topic + "?key=k%20+1", "text/plain", new byte[0]).statusCode()).isEqualTo(200);
    assertThat(stored()).extracting(record -> text(record.key())).containsOnly("k +1");
    assertThat(stored())
        .extracting(ConsumerRecord::value)
        .containsExactly("hällo".getBytes(UTF_8), bytes, new byte[0]);
  }

  @Test
  void failureOfOneAmongSeveralStandsInItsPlace() {
    HttpResponse<String> response =
        postJson(
            "{\"records\":[{\"value\":1},{\"value\":\"%s\"},{\"value\":3,\"partition\":9}]}"
                .formatted("x".repeat(MAX_RECORD)));
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode records = Json.read(response.body()).path("records");
    assertThat(records.path(0).has("offset")).isTrue();
    assertThat(records.path(1).path("error").path("code").asText()).isEqualTo("too-large");
    assertThat(records.path(2).path("error").path("code").asText()).isEqualTo("invalid");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 400 | invalid |",
        "[] | 400 | invalid |",
        "{} | 400 | invalid | value",
        "{\"records\":[]} | 400 | invalid | records",
        "{\"records\":[{}]} | 400 | invalid | records[0].value",
        "{\"value\":1,\"channel\":\"x\"} | 400 | invalid | channel",
        "{\"value\":1,\"type\":\"publish\"} | 400 | invalid | type",
        "{\"value\":1,\"id\":1} | 400 | invalid | id",
        "{\"value\":1,\"nonsense\":1} | 400 | invalid | nonsense",
        "{\"value\":1,\"atomic\":true} | 400 | invalid | atomic",
        "{\"value\":1,\"partition\":9} | 400 | invalid |",
        "{\"value\":\"\u00ff | 400 | invalid |"
      })
  void commandThatIsWrongIsAnsweredByName(String body, int status, String code, String field) {
    JsonNode problem = problem(postJson(body), status);
    assertThat(problem.path("code").asText()).isEqualTo(code);
    assertThat(problem.path("field").asText("")).isEqualTo(field == null ? "" : field);
    assertThat(stored()).isEmpty();
  }

  @Test
  void bodyThatIsNoUtf8IsRefused() {
    byte[] body = {'{', '"', 'v', 'a', 'l', 'u', 'e', '"', ':', '"', -1, '"', '}'};
    problem(post(topic, "application/json", body), 400);
  }

  @Test
  void errorsHaveTheStatusThatIsNearest() {
    problem(post("no-such-channel", "text/plain", new byte[1]), 404);
    problem(post("__consumer_offsets", "text/plain", new byte[1]), 404);
    problem(post("a.*", "text/plain", new byte[1]), 400);
    problem(post(topic, "text/plain", new byte[MAX_RECORD + 1]), 413);
    problem(post(topic + "?from=latest", "text/plain", new byte[1]), 400);
    problem(post(topic + "?key=k", "application/json", new byte[1]), 400);
    problem(post(topic + "?key=a&publish-key=b", "text/plain", new byte[1]), 400);
  }

  private static JsonNode problem(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as("%s", response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    JsonNode problem = Json.read(response.body());
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("detail").asText()).hasSizeGreaterThan(10).doesNotContain("Exception");
    return problem;
  }

  @Test
  void bodyThatIsTooLargeIsRefusedBeforeItIsSent() throws IOException {
    String answer =
        raw.exchange(
            raw.request(
                "POST",
                path(),
                "Expect: 100-continue\r\nContent-Length: " + (MAX_MESSAGE + 1) + "\r\n"));
    assertThat(answer)
        .startsWith("HTTP/1.1 413 ")
        .contains("Connection: close\r\n", "sluice.websocket.max-message-bytes");
  }

  @Test
  void chunkedBodyIsRefusedAsSoonAsItIsTooLarge() throws IOException {
    String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
    String answer =
        raw.exchange(
            raw.request("POST", path(), "Transfer-Encoding: chunked\r\n") + chunk.repeat(5));
    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("Connection: close\r\n");
    assertThat(stored()).isEmpty();
  }

  @Test
  void chunkedBodyIsPublishedWhole() throws IOException {
    String answer =
        raw.exchange(
            raw.request("POST", path(), "Transfer-Encoding: chunked\r\nConnection: close\r\n")
                + "3\r\none\r\n3;ext=1\r\ntwo\r\n0\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 200 ");
    assertThat(stored()).singleElement().extracting(r -> text(r.value())).isEqualTo("onetwo");
  }

  @Test
  void bodyThatIsNotFramedRightIsRefused() throws IOException {
    String answer =
        raw.exchange(
            raw.request("POST", path(), "Transfer-Encoding: chunked\r\n") + "zz\r\none\r\n");
    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("Connection: close\r\n");
    assertThat(stored()).isEmpty();
  }

  @Test
  void clientThatWaitsIsToldToContinue() throws IOException {
    try (Socket socket = raw.connect()) {
      RawHttp.send(
          socket,
          raw.request(
              "POST",
              path(),
              "Expect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n"));
      assertThat(RawHttp.readUntil(socket, "\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      RawHttp.send(socket, "abc");
      assertThat(RawHttp.readAll(socket)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void whatCannotBeDoneWithABodyIsSaid() throws IOException {
    assertThat(raw.exchange(raw.post(path(), "Expect: a-miracle\r\n", "x")))
        .startsWith("HTTP/1.1 417 ");
    assertThat(raw.exchange(raw.post(path(), "Content-Encoding: gzip\r\n", "x")))
        .startsWith("HTTP/1.1 415 ");
  }

  @Test
  void pipelinedRequestsAreAnsweredInTurnAndKeepTheirOrder() throws IOException {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      requests.append(raw.post(path() + "?key=k", "", "v" + i));
      requests.append(raw.request("GET", "/health", ""));
    }
    requests.append(raw.request("GET", "/health", "Connection: close\r\n"));
    String answers = raw.exchange(requests.toString());
    List<String> bodies =
        answers
            .lines()
            .filter(line -> line.startsWith("{\""))
            .map(line -> line.substring(0, 8))
            .toList();
    assertThat(answers.split("HTTP/1.1 200 ", -1)).hasSize(102);
    assertThat(bodies).hasSize(101);
    for (int i = 0; i < 100; i += 2) {
      assertThat(bodies.get(i)).isEqualTo("{\"type\":");
      assertThat(bodies.get(i + 1)).isEqualTo("{\"status");
    }
    assertThat(stored())
        .extracting(record -> text(record.value()))
        .containsExactlyElementsOf(IntStream.range(0, 50).mapToObj(i -> "v" + i).toList());
  }

  @Test
  void publishBehindAnUnansweredRequestWaitsForIt() throws IOException {
    String answers =
        raw.exchange(
            raw.request("GET", "/health", "")
                + raw.post(path(), "Connection: close\r\n", "x".repeat(MAX_RECORD)));
    assertThat(answers).startsWith("HTTP/1.1 200 ").contains("{\"status\":\"UP\"}HTTP/1.1 200 ");
    assertThat(stored()).hasSize(1);
  }

  @Test
  void pageOfAListedOriginIsToldThatItMay() throws IOException {
    String origin = "Origin: https://good.example\r\n";
    String preflight =
        raw.exchange(
            raw.request(
                "OPTIONS",
                path(),
                origin
                    + "Access-Control-Request-Method: POST\r\n"
                    + "Access-Control-Request-Headers: content-type\r\nConnection: close\r\n"));
    assertThat(preflight)
        .startsWith("HTTP/1.1 204 ")
        .contains(
            "Access-Control-Allow-Origin: https://good.example\r\n",
            "Vary: Origin\r\n",
            "Access-Control-Allow-Methods: GET, HEAD, POST, OPTIONS\r\n",
            "Access-Control-Allow-Headers: Content-Type, Last-Event-ID, Cache-Control\r\n")
        .doesNotContain("Credentials");
    for (String answer :
        List.of(
            raw.exchange(raw.post(path(), origin + "Connection: close\r\n", "x")),
            raw.exchange(raw.post(path() + "?nonsense", origin, "x")))) {
      assertThat(answer).contains("Access-Control-Allow-Origin: https://good.example\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource({"https://evil.example", "null", "https://good.example:444", "https://GOOD.example"})
  void pageOfAnotherOriginIsForbidden(String origin) throws IOException {
    for (String method : List.of("OPTIONS", "POST", "GET", "HEAD")) {
      assertThat(raw.exchange(raw.request(method, path(), "Origin: " + origin + "\r\n")))
          .startsWith("HTTP/1.1 403 ")
          .contains("Connection: close\r\n")
          .doesNotContain("Access-Control");
    }
    assertThat(stored()).isEmpty();
  }

  @Test
  void requestWithTwoHostsIsRefused() throws IOException {
    assertThat(raw.exchange(raw.request("POST", path(), "Host: other\r\n")))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void curlPublishes() throws Exception {
    assertThat(
            curl(
                "--data-binary",
                "from curl",
                "-H",
                "Content-Type: text/plain",
                gateway.channel(topic + "?key=k").toString()))
        .contains("\"type\":\"published\"");
    assertThat(curl("--json", "{\"value\":{\"n\":1}}", gateway.channel(topic).toString()))
        .contains("\"type\":\"published\"");
    assertThat(stored())
        .extracting(record -> text(record.value()))
        .containsExactlyInAnyOrder("from curl", "{\"n\":1}");
  }

  private static String curl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("curl", "-s", "--max-time", "15"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  private String path() {
    return "/v1/channels/" + topic;
  }
}
