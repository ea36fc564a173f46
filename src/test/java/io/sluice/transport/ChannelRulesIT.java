package io.sluice.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.Broker;
import io.sluice.testing.EventStreamClient;
import io.sluice.testing.Gateway;
import io.sluice.testing.PlainSocket;
import io.sluice.testing.PlainSocket.Heard.Text;
import io.sluice.testing.RawHttp;
import io.sluice.testing.Topics;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the rules of a configured channel mean in raw mode, to event streams, and to a {@code POST}.
 */
class ChannelRulesIT {
  private static final Topics TOPICS = Broker.shared().topics();

  private static Gateway gateway;
  private static RawHttp http;
  private static String orders;

  @BeforeAll
  static void start() {
    orders = TOPICS.create("rules-orders", 2);
    String other = TOPICS.create("rules-other", 1);
    Map<String, String> settings = new HashMap<>();
    channel(
        settings, "symbols", Map.of("name", "of/{symbol}", "topics", orders, "key", "{symbol}"));
    channel(settings, "both", Map.of("topics", orders + "," + other));
    channel(settings, "readonly", Map.of("topics", other, "publish", "false"));
    channel(settings, "writeonly", Map.of("topics", other, "subscribe", "false"));
    channel(settings, "json-only", Map.of("topics", other, "formats", "json"));
    channel(settings, "raw-only", Map.of("topics", other, "formats", "raw"));
    channel(settings, "few", Map.of("topics", other, "defaults.credit", "2"));
    gateway = Gateway.start(Broker.shared(), settings);
    http = new RawHttp(gateway.ws().getPort());
    TOPICS.produceMany(other, 0, "v", 5);
  }

  private static void channel(
      Map<String, String> settings, String label, Map<String, String> channel) {
    channel.forEach((name, value) -> settings.put("sluice.channels." + label + "." + name, value));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void nameOfATemplateHasOneKeyInBothDirections() {
    TOPICS.produce(orders, 0, "ACME", "1");
    TOPICS.produce(orders, 1, "OTHER", "2");
    try (PlainSocket acme = PlainSocket.connect(gateway.channel("of/ACME?from=earliest"));
        EventStreamClient events =
            EventStreamClient.open(gateway.channel("of/ACME?from=earliest"))) {
      assertThat(acme.nextText()).isEqualTo("1");
      acme.send("3");
      assertThat(acme.nextText()).isEqualTo("3");
      assertThat(events.awaitRecords(2))
          .extracting(record -> record.path("key").asText())
          .containsOnly("ACME");
    }
  }

  @Test
  void clientThatCanGrantNoCreditIsNotHeldToIt() {
    try (PlainSocket raw = PlainSocket.connect(gateway.channel("few?from=earliest"));
        EventStreamClient events = EventStreamClient.open(gateway.channel("few?from=earliest"))) {
      for (int i = 0; i < 5; i++) {
        assertThat(raw.next()).isEqualTo(new Text("v" + i));
      }
      events.awaitRecords(5);
    }
  }

  @Test
  void directionsAreThoseThatAreAllowed() {
    try (PlainSocket reader = PlainSocket.connect(gateway.channel("readonly?from=earliest"));
        PlainSocket writer = PlainSocket.connect(gateway.channel("writeonly"))) {
      assertThat(reader.nextText()).isEqualTo("v0");
      reader.send("x");
      assertThat(reader.awaitClosed().code()).isEqualTo(4403);
      writer.send(new byte[2_000_000]);
      assertThat(writer.awaitClosed().code()).as("it tried").isEqualTo(1009);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "readonly?writeonly, 403",
    "writeonly?readonly, 403",
    "json-only, 403",
    "both?from=positions:0=1, 400",
    "of/ACME?key=x, 400",
    "of/ACME?from=positions:other/0=1, 400",
    "both?from=positions:other/0=1, 400",
    "of/ACME?from=positions:0=0, 101",
    "of, 404",
    "of/, 404"
  })
  void upgradeIsAnsweredByTheRules(String rest, int status) throws IOException {
    assertThat(http.exchange(http.upgrade("/v1/channels/" + rest, "") + "\u0088\u0080\0\0\0\0"))
        .startsWith("HTTP/1.1 " + status + " ");
  }

  @Test
  void severalTopicsAreReadTogetherAndResumed() {
    String positions = "from=positions:" + orders + "/0=0";
    try (EventStreamClient events = EventStreamClient.open(gateway.channel("both?" + positions))) {
      events.awaitRecords(5);
      assertThat(events.lastEventId()).contains("~" + orders + "~");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "writeonly, 403",
    "raw-only, 403",
    "json-only, 200",
    "both, 200",
  })
  void eventStreamIsJson(String channel, int status) throws IOException {
    String headers = "Accept: text/event-stream\r\nConnection: close\r\n";
    List<String> methods = status == 200 ? List.of("HEAD") : List.of("HEAD", "GET");
    for (String method : methods) {
      assertThat(http.exchange(http.request(method, "/v1/channels/" + channel, headers)))
          .startsWith("HTTP/1.1 " + status + " ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "readonly, application/json, 403",
    "both, application/json, 400",
    "json-only, application/json, 200",
    "json-only, text/plain, 403",
    "raw-only, application/json, 403",
    "raw-only, text/plain, 200",
    "writeonly, text/plain, 200"
  })
  void publishIsAnsweredByTheRules(String channel, String type, int status) throws IOException {
    assertThat(
            http.exchange(
                http.post(
                    "/v1/channels/" + channel,
                    "Connection: close\r\nContent-Type: " + type + "\r\n",
                    "{\"value\":1}")))
        .startsWith("HTTP/1.1 " + status + " ");
  }
}
