package io.sluice.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.relay.Relay;
import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.Gateway;
import io.sluice.testing.PlainSocket;
import io.sluice.testing.PlainSocket.Heard;
import io.sluice.testing.PlainSocket.Heard.Binary;
import io.sluice.testing.PlainSocket.Heard.Closed;
import io.sluice.testing.PlainSocket.Heard.Text;
import io.sluice.testing.RawHttp;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL §7, with a client that knows nothing of Sluice. */
class RawModeIT {
  private static final int MAX_RECORD = 16 * 1024;
  private static final int MAX_MESSAGE = 64 * 1024;

  private static Gateway gateway;

  private String topic;

  @BeforeAll
  static void start() {
    gateway =
        Gateway.start(
            Broker.shared(),
            Map.of(
                "sluice.relay.max-record-bytes", Integer.toString(MAX_RECORD),
                "sluice.relay.feed-window-bytes", Integer.toString(64 * 1024),
                "sluice.websocket.max-message-bytes", Integer.toString(MAX_MESSAGE),
                "micronaut.server.netty.child-options.SO_SNDBUF", "16384"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void topic() {
    topic = Broker.shared().topics().create("raw", 2);
  }

  private PlainSocket open(String query) {
    return PlainSocket.connect(gateway.channel(topic + query));
  }

  @Test
  void recordsComeAsTheirValuesAre() {
    produce(
        "{\"json\":1}".getBytes(UTF_8),
        "hällo".getBytes(UTF_8),
        new byte[] {(byte) 0xff, 0},
        null,
        new byte[0]);
    try (PlainSocket socket = open("?from=earliest")) {
      assertThat(List.of(socket.next(), socket.next(), socket.next(), socket.next(), socket.next()))
          .containsExactly(
              new Text("{\"json\":1}"),
              new Text("hällo"),
              new Binary("ff00"),
              new Binary(""),
              new Text(""));
    }
  }

  @Test
  void valuesOfAllFrameLengthsComeWhole() {
    List<Heard> expected = new ArrayList<>();
    for (int size : List.of(1, 125, 126, 127, 4_000, MAX_RECORD)) {
      produce("x".repeat(size).getBytes(UTF_8));
      expected.add(new Text("x".repeat(size)));
    }
    try (PlainSocket replayed = open("?from=earliest");
        PlainSocket live = open("?from=positions:0=6")) {
      for (Heard each : expected) {
        assertThat(replayed.next()).isEqualTo(each);
      }
      produce("to both".getBytes(UTF_8));
      assertThat(replayed.nextText()).isEqualTo("to both");
      assertThat(live.nextText()).isEqualTo("to both");
    }
  }

  @Test
  void positionsNamePartitionsAndThoseThatAreNotNamedBeginAtTheirOldest() {
    Broker.shared().topics().produceMany(topic, 0, "a", 4);
    Broker.shared().topics().produceMany(topic, 1, "b", 2);
    try (PlainSocket socket = open("?from=positions:0=3")) {
      assertThat(List.of(socket.nextText(), socket.nextText(), socket.nextText()))
          .containsExactlyInAnyOrder("a3", "b0", "b1");
    }
    try (PlainSocket socket = open("?from=positions:" + topic + "/0=4,1=1")) {
      assertThat(socket.nextText()).isEqualTo("b1");
    }
  }

  @Test
  void messagesArePublishedAsTheyAreWithTheKeyOfTheAddress() {
    try (PlainSocket socket = open("?writeonly&publish-key=k%201")) {
      socket.send("hällo");
      socket.send(new byte[] {(byte) 0xff, 0});
      socket.send("");
      socket.send(new byte[0]);
      Eventually.until(
          () -> Broker.shared().topics().readAll(topic).size() == 4,
          Duration.ofSeconds(15),
          () -> "stored: " + Broker.shared().topics().readAll(topic));
    }
    assertThat(Broker.shared().topics().readAll(topic))
        .extracting(ConsumerRecord::key)
        .containsOnly("k 1".getBytes(UTF_8));
    assertThat(Broker.shared().topics().readAll(topic))
        .extracting(ConsumerRecord::value)
        .containsExactly(
            "hällo".getBytes(UTF_8), new byte[] {(byte) 0xff, 0}, new byte[0], (byte[]) null);
  }

  @Test
  void bothDirectionsWorkAtOnceAndMessagesKeepTheirOrder() {
    try (PlainSocket socket = open("?publish-key=k&from=earliest")) {
      for (int i = 0; i < 200; i++) {
        socket.send("m" + i);
      }
      for (int i = 0; i < 200; i++) {
        assertThat(socket.nextText()).isEqualTo("m" + i);
      }
    }
  }

  @Test
  void nameMayBePercentEncoded() {
    String encoded = URLEncoder.encode(topic, UTF_8).replace("-", "%2D");
    Broker.shared().topics().produce(topic, 0, null, "there");
    try (PlainSocket socket = PlainSocket.connect(gateway.channel(encoded + "?from=earliest"))) {
      assertThat(socket.nextText()).isEqualTo("there");
    }
  }

  @Test
  void subprotocolIsSelectedWhereItIsOursAndNoneIsOtherwise() {
    try (PlainSocket socket =
        PlainSocket.connect(gateway.channel(topic), "mqtt", "sluice.v1.raw")) {
      assertThat(socket.socket().getSubprotocol()).isEqualTo("sluice.v1.raw");
    }
    try (PlainSocket socket = PlainSocket.connect(gateway.channel(topic))) {
      assertThat(socket.socket().getSubprotocol()).isEmpty();
    }
  }

  @Test
  void recordThatIsTooLargeIsAGapWithWhichTheConnectionEnds() {
    produce("before".getBytes(UTF_8), new byte[MAX_RECORD + 1], "after".getBytes(UTF_8));
    for (String query : List.of("?from=earliest", "?from=earliest&overflow=skip")) {
      try (PlainSocket socket = open(query)) {
        assertThat(socket.nextText()).isEqualTo("before");
        assertThat(socket.next())
            .isEqualTo(
                new Closed(4410, "Gap in partition 0, offsets [1, 2): too-large, topic " + topic));
      }
    }
  }

  @Test
  void sameGapAtTheHeadEndsEverySubscriberOfTheFeed() {
    try (PlainSocket one = open("?from=earliest");
        PlainSocket other = open("?from=earliest&overflow=skip")) {
      produce("before".getBytes(UTF_8), new byte[MAX_RECORD + 1], "after".getBytes(UTF_8));
      for (PlainSocket socket : List.of(one, other)) {
        assertThat(socket.nextText()).isEqualTo("before");
        assertThat(socket.awaitClosed().code()).isEqualTo(4410);
      }
    }
  }

  @Test
  void positionThatRetentionHasPassedEndsWith4410() {
    Broker.shared().topics().produceMany(topic, 0, "v", 5);
    Broker.shared().topics().deleteBefore(topic, 0, 3);
    try (PlainSocket socket = open("?from=positions:0=1,1=0")) {
      assertThat(socket.next())
          .isEqualTo(
              new Closed(4410, "Gap in partition 0, offsets [1, 3): retention, topic " + topic));
    }
  }

  @Test
  void positionAboveTheHeadEndsWith1008() {
    try (PlainSocket socket = open("?from=positions:0=7")) {
      Closed closed = socket.awaitClosed();
      assertThat(closed.code()).isEqualTo(1008);
      assertThat(closed.reason()).contains("Offset 7", "[0, 0]");
    }
  }

  @Test
  void slowSubscriberGetsAllByReplayOrOnlyWhatIsCurrentWhenItSkips() {
    try (PlainSocket replays = open("?from=earliest");
        PlainSocket skips = open("?from=earliest&overflow=skip");
        PlainSocket ends = open("?from=earliest&overflow=end")) {
      int count = 3_000; // 3 MB: behind window and sockets of those that do not read
      Eventually.until(
          () -> gateway.part(Relay.class).counters().subscribers() >= 3,
          Duration.ofSeconds(15),
          () -> "not all are subscribed");
      List<PlainSocket> all = List.of(replays, skips, ends);
      all.forEach(PlainSocket::pause);
      String padding = "x".repeat(1_000);
      produceMany(count, padding);
      Eventually.until(
          () ->
              gateway.part(Relay.class).counters().overflowSkips() > 0
                  && gateway.part(Relay.class).counters().overflowEnds() > 0,
          Duration.ofSeconds(30),
          () -> "nobody fell out of the window");
      all.forEach(PlainSocket::resume);
      for (int i = 0; i < count; i++) {
        assertThat(replays.nextText()).startsWith(i + ":");
      }
      produce(
          (count + ":").getBytes(UTF_8)); // who skipped to the end hears of it by what comes then
      int last = -1;
      int skipped = 0;
      while (last < count) {
        String text = skips.nextText();
        int number = Integer.parseInt(text.substring(0, text.indexOf(':')));
        assertThat(number).isGreaterThan(last);
        skipped += number - last - 1;
        last = number;
      }
      assertThat(skipped).isPositive();
      Closed closed = ends.awaitClosed();
      assertThat(closed.code()).isEqualTo(4410);
      assertThat(closed.reason()).startsWith("Fell out of the retained window at 0=");
    }
  }

  @Test
  void publishThatIsTooLargeEndsWith1009() {
    try (PlainSocket socket = open("?writeonly")) {
      socket.send(new byte[MAX_RECORD + 1]);
      Closed closed = socket.awaitClosed();
      assertThat(closed.code()).isEqualTo(1009);
      assertThat(closed.reason()).contains("at most " + MAX_RECORD);
    }
    try (PlainSocket socket = open("?writeonly")) {
      socket.send(new byte[MAX_MESSAGE + 1]);
      assertThat(socket.awaitClosed().code()).isEqualTo(1009);
    }
  }

  @Test
  void publishThatKafkaDoesNotTakeEndsWith1007() {
    String compacted =
        Broker.shared().topics().create("raw-compacted", 1, Map.of("cleanup.policy", "compact"));
    try (PlainSocket socket = PlainSocket.connect(gateway.channel(compacted + "?writeonly"))) {
      socket.send("without a key");
      assertThat(socket.awaitClosed().code()).isEqualTo(1007);
    }
  }

  @Test
  void publishOnAReadonlyConnectionEndsWith4403() {
    try (PlainSocket socket = open("?readonly")) {
      socket.send("x");
      assertThat(socket.awaitClosed())
          .isEqualTo(
              new Closed(
                  4403,
                  "Nothing may be published on this connection: it is readonly, or the channel is."));
    }
    assertThat(Broker.shared().topics().readAll(topic)).isEmpty();
  }

  @Test
  void deletedTopicEndsItsSubscribersWith4403() {
    try (PlainSocket socket = open("?from=earliest")) {
      Broker.shared().topics().produce(topic, 0, null, "x");
      assertThat(socket.nextText()).isEqualTo("x");
      Broker.shared().topics().delete(topic);
      assertThat(socket.awaitClosed().code()).isEqualTo(4403);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/no-such-channel, 404",
    "/no-such-channel?writeonly, 404",
    "'', 404",
    "/, 404",
    "/__consumer_offsets, 404",
    "/a%2Fb, 404",
    "/a/b, 404",
    "/../ws, 404",
    "/a%00b, 404",
    "/a+b, 404",
    "/a%20b, 404",
    "/%C3%A4, 404",
    "/*, 400",
    "/a.**, 400",
    "/%2A, 400",
    "/%zz, 400",
    "/%, 400",
    "/%ff, 400",
    "/ä, 400"
  })
  void channelThatIsNoneIsRefusedBeforeTheUpgrade(String path, int status) throws IOException {
    RawHttp http = new RawHttp(gateway.ws().getPort());
    assertThat(http.exchange(http.upgrade("/v1/channels" + path, "")))
        .startsWith("HTTP/1.1 " + status + " ")
        .contains(
            "Connection: close\r\n",
            "\"field\":\"channel\"",
            status == 404 ? "unknown-channel" : "invalid");
  }

  @Test
  void framesThatDoNotWaitForTheAnswerAreNotLost() throws IOException {
    RawHttp http = new RawHttp(gateway.ws().getPort());
    String text = "" + (char) 0x81 + (char) 0x85 + "\0\0\0\0early";
    String close = "" + (char) 0x88 + (char) 0x80 + "\0\0\0\0";
    String answer =
        http.exchange(http.upgrade("/v1/channels/" + topic + "?writeonly", "") + text + close);
    assertThat(answer).startsWith("HTTP/1.1 101 ").endsWith("\u0088\0");
    Eventually.until(
        () -> Broker.shared().topics().readAll(topic).size() == 1,
        Duration.ofSeconds(15),
        () -> "The early frame was not published.");
  }

  @Test
  void pageOfAnotherOriginIsForbidden() throws IOException {
    RawHttp http = new RawHttp(gateway.ws().getPort());
    assertThat(
            http.exchange(
                http.upgrade("/v1/channels/" + topic, "Origin: https://evil.example\r\n")))
        .startsWith("HTTP/1.1 403 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense=1",
        "value=json",
        "from=first",
        "from=tail:0",
        "from=positions:0=-1",
        "from=latest&from=latest",
        "overflow=drop",
        "max-rate=0",
        "mode=queue",
        "mode=group",
        "filter=true",
        "conflate=key",
        "group=g",
        "commit=auto",
        "readonly&writeonly",
        "access_token=secret"
      })
  void hostileQueryIsRefusedBeforeTheUpgradeAndNamed(String query) throws IOException {
    RawHttp http = new RawHttp(gateway.ws().getPort());
    String answer = http.exchange(http.upgrade("/v1/channels/" + topic + "?" + query, ""));
    String named = query.substring(query.lastIndexOf('&') + 1).replaceFirst("=.*", "");
    assertThat(answer)
        .startsWith("HTTP/1.1 400 ")
        .contains("Content-Type: application/problem+json\r\n", "\"field\":\"" + named + "\"")
        .doesNotContain("secret");
  }

  @Test
  void whatFollowsARefusedUpgradeIsNotReadAsHttp() throws IOException {
    RawHttp http = new RawHttp(gateway.ws().getPort());
    String behind = http.request("GET", "/health", "");
    for (String path : List.of("/v1/channels/no-such-channel", "/v1/channels/x?nonsense")) {
      assertThat(http.exchange(http.upgrade(path, "") + behind))
          .containsOnlyOnce("HTTP/1.1 ")
          .doesNotContain("UP");
    }
  }

  private void produce(byte[] @Nullable ... values) {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    for (byte @Nullable [] value : values) {
      records.add(new ProducerRecord<>(topic, 0, null, value));
    }
    Broker.shared().topics().produceAll(records);
  }

  private void produceMany(int count, String padding) {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(new ProducerRecord<>(topic, 0, null, (i + ":" + padding).getBytes(UTF_8)));
    }
    Broker.shared().topics().produceAll(records);
  }
}
