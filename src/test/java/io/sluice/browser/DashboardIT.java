package io.sluice.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.sluice.app.LocalBroker;
import io.sluice.app.Sluice;
import io.sluice.testing.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first minute: the development run, and its page in a real browser, feature by feature. */
class DashboardIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private static Path directory;

  private static Chromium chromium;
  private static ApplicationContext gateway;
  private static String url;

  @BeforeAll
  static void start() {
    chromium = Chromium.launch();
    gateway =
        Sluice.start(
            "-micronaut.server.port=-1",
            "-sluice.embedded-kafka.port=0",
            "-sluice.embedded-kafka.directory=" + directory);
    url = gateway.getBean(EmbeddedServer.class).getURL() + "/";
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      Sluice.stop(gateway);
    }
    if (chromium != null) {
      chromium.close();
    }
  }

  private static DashboardPage open(Look look) {
    DashboardPage dashboard = new DashboardPage(chromium.open(url, look));
    dashboard.awaitConnected(PATIENCE);
    return dashboard;
  }

  // Tiles and plots.

  @Test
  void plotsAndTilesMoveWithinAMinute() {
    DashboardPage dashboard = open(Look.DESK);
    for (String plot : DashboardPage.PLOTS) {
      dashboard.awaitPlot(plot, PATIENCE);
      dashboard.awaitPlotMoves(plot, PATIENCE);
    }
    for (String tile : List.of("cpu.total", "memory.used", "heap.used", "records.relayed")) {
      assertThat(dashboard.awaitTile(tile, PATIENCE)).matches("(?s).*\\d.*");
    }
    assertThat(dashboard.awaitTile("connections", PATIENCE)).matches("(?s)[1-9].*");
    assertThat(Chromium.screenshot(dashboard.page(), "dashboard-light")).isNotEmptyFile();
    assertThat(Accessibility.poorContrast(dashboard.page())).isEmpty();
    assertThat(Accessibility.withoutAName(dashboard.page())).isEmpty();
    assertThat(chromium.uncaughtErrors()).isEmpty();
    assertThat(chromium.requestedUrls()).allMatch(asked -> asked.startsWith(url));
  }

  @Test
  void pageIsReadableInTheDark() {
    DashboardPage dashboard = open(Look.DESK.dark());
    dashboard.awaitPlot("processor", PATIENCE);
    dashboard.follow("demo.*", "recent");
    dashboard.awaitTailRow("cpu.total", PATIENCE);
    assertThat(Chromium.screenshot(dashboard.page(), "dashboard-dark")).isNotEmptyFile();
    assertThat(Accessibility.poorContrast(dashboard.page())).isEmpty();
  }

  @Test
  void pageFitsAPhone() {
    for (Look look : List.of(Look.PHONE, Look.PHONE.dark())) {
      DashboardPage dashboard = open(look);
      dashboard.awaitPlot("processor", PATIENCE);
      dashboard.follow("demo.*", "recent");
      dashboard.awaitTailRow("cpu.total", PATIENCE);
      assertThat(dashboard.overflowsSideways()).isFalse();
      assertThat(Accessibility.poorContrast(dashboard.page())).isEmpty();
      String name = "dashboard-phone-" + look.colours().toString().toLowerCase(Locale.ROOT);
      assertThat(Chromium.screenshot(dashboard.page(), name)).isNotEmptyFile();
    }
  }

  // The publish box, and the chat.

  @Test
  void publishedRecordIsReadByAKafkaConsumerAndShownInTheChat() {
    DashboardPage dashboard = open(Look.DESK);
    DashboardPage.Stored stored =
        dashboard.publish("demo.chat", "visitor", "{\"text\":\"from the page\"}", PATIENCE);
    assertThat(stored.topic()).isEqualTo("demo.chat");
    dashboard.awaitChatMessage("from the page", PATIENCE);
    assertThat(topics().readAll("demo.chat"))
        .anySatisfy(record -> {
          assertThat(record.offset()).isEqualTo(stored.offset());
          assertThat(new String(record.key(), UTF_8)).isEqualTo("visitor");
          assertThat(new String(record.value(), UTF_8)).isEqualTo("{\"text\":\"from the page\"}");
        });
  }

  @Test
  void publishBoxSaysHowItSendsAndWhyItCouldNot() {
    DashboardPage dashboard = open(Look.DESK);
    assertThat(dashboard.kindOf("{\"a\":1}")).isEqualTo("sent as JSON");
    assertThat(dashboard.kindOf("hello")).isEqualTo("sent as text");
    assertThat(dashboard.kindOf("null")).isEqualTo("sent as tombstone");
    assertThat(dashboard.publishInVain("no-such-topic-here", "x", PATIENCE))
        .contains("Not stored", "unknown-channel");
  }

  // The table.

  @Test
  void recordOfAKafkaProducerArrivesInTheTable() {
    DashboardPage dashboard = open(Look.DESK);
    dashboard.follow("demo.chat", "latest");
    dashboard.awaitTailStatus(Pattern.compile("Following demo\\.chat"), PATIENCE);
    topics().produce("demo.chat", 0, "tool", "from a Kafka tool");
    dashboard.awaitTailRow("from a Kafka tool", PATIENCE);
    assertThat(dashboard.showsTopics()).isFalse();
  }

  @Test
  void pageOffersTheChannelsThatThereAre() {
    String topic = topics().create("offered", 1);
    open(Look.DESK).awaitOffered(topic, PATIENCE);
  }

  @Test
  void tableStartsAtTheBeginningAtTheTailOrAtATime() {
    String topic = topics().create("starts", 1);
    topics().produceMany(topic, 0, "value-", 150);
    DashboardPage dashboard = open(Look.DESK);
    dashboard.follow(topic, "earliest");
    dashboard.awaitTailStatus(Pattern.compile("· 150 records"), PATIENCE);
    assertThat(dashboard.tailOffsets()).startsWith("149", "148").hasSize(150);
    dashboard.follow(topic, "recent");
    dashboard.awaitTailStatus(Pattern.compile("· 100 records"), PATIENCE);
    assertThat(dashboard.tailOffsets()).startsWith("149").endsWith("50");
    dashboard.follow(topic, minute(LocalDateTime.now().minusMinutes(5)));
    dashboard.awaitTailStatus(Pattern.compile("· 150 records"), PATIENCE);
    dashboard.follow(topic, minute(LocalDateTime.now().plusMinutes(5)));
    dashboard.awaitTailStatus(Pattern.compile("· 0 records"), PATIENCE);
    dashboard.stopFollowing();
    assertThat(dashboard.tailStatus()).isEqualTo("Stopped after 0 records.");
  }

  @Test
  void tableShowsOneKeyOnly() {
    String topic = topics().create("keys", 1);
    topics().produceMany(topic, 0, "value-", 20);
    DashboardPage dashboard = open(Look.DESK);
    dashboard.chooseKey("k7");
    dashboard.follow(topic, "earliest");
    dashboard.awaitTailRow("value-7", PATIENCE);
    assertThat(dashboard.tailOffsets()).containsExactly("7");
  }

  @Test
  void tableFollowsManyTopicsByAGlob() {
    String prefix = topics().create("glob", 1);
    topics().createNamed(prefix + ".a", 1, Map.of());
    topics().createNamed(prefix + ".b", 1, Map.of());
    DashboardPage dashboard = open(Look.DESK);
    dashboard.follow(prefix + ".*", "latest");
    dashboard.awaitTailStatus(Pattern.compile("· 0 records"), PATIENCE);
    topics().produce(prefix + ".a", 0, "k", "in a");
    topics().produce(prefix + ".b", 0, "k", "in b");
    dashboard.awaitTailRow(prefix + ".a", PATIENCE);
    dashboard.awaitTailRow(prefix + ".b", PATIENCE);
    assertThat(dashboard.showsTopics()).isTrue();
  }

  @Test
  void tableThatIsPausedMissesNothing() {
    String topic = topics().create("paused", 1);
    DashboardPage dashboard = open(Look.DESK);
    dashboard.follow(topic, "earliest");
    dashboard.awaitTailStatus(Pattern.compile("Following .* · 0 records"), PATIENCE);
    topics().produceMany(topic, 0, "before-", 1);
    dashboard.awaitTailRow("before-0", PATIENCE);
    dashboard.pauseOrContinue();
    dashboard.awaitTailStatus(Pattern.compile("Paused"), PATIENCE);
    topics().produceMany(topic, 0, "meanwhile-", 100);
    assertThat(dashboard.tailOffsets()).hasSize(1);
    dashboard.pauseOrContinue();
    dashboard.awaitTailRows(101, PATIENCE);
    assertThat(dashboard.tailStatus()).contains("Following", "101 records");
  }

  @Test
  void tableSaysThatThereIsNoSuchTopic() {
    DashboardPage dashboard = open(Look.DESK);
    dashboard.follow("no-such-topic-here", "latest");
    dashboard.awaitTailStatus(Pattern.compile("no channel no-such-topic-here"), PATIENCE);
  }

  // All of it, on every screen.

  @Test
  void everyFeatureIsReadableOnEveryScreen() {
    String topic = topics().create("seen", 1);
    topics().produceMany(topic, 0, "value-", 20);
    Map<String, Look> looks =
        Map.of(
            "light",
            Look.DESK,
            "dark",
            Look.DESK.dark(),
            "phone-light",
            Look.PHONE,
            "phone-dark",
            Look.PHONE.dark());
    looks.forEach((screen, look) -> {
      DashboardPage dashboard = open(look);
      dashboard.publish("demo.chat", "visitor", "{\"text\":\"on " + screen + "\"}", PATIENCE);
      dashboard.awaitChatMessage("on " + screen, PATIENCE);
      assertReadable(dashboard, "published-" + screen);
      dashboard.chooseKey("k7");
      dashboard.follow(topic, "earliest");
      dashboard.awaitTailRow("value-7", PATIENCE);
      assertReadable(dashboard, "key-" + screen);
      dashboard.pauseOrContinue();
      dashboard.awaitTailStatus(Pattern.compile("Paused"), PATIENCE);
      assertReadable(dashboard, "paused-" + screen);
      dashboard.publishInVain("no-such-topic-here", "x", PATIENCE);
      dashboard.follow("no-such-topic-here", "latest");
      dashboard.awaitTailStatus(Pattern.compile("no channel no-such-topic-here"), PATIENCE);
      assertReadable(dashboard, "errors-" + screen);
    });
  }

  private static void assertReadable(DashboardPage dashboard, String name) {
    assertThat(Chromium.screenshot(dashboard.page(), name)).isNotEmptyFile();
    assertThat(Accessibility.poorContrast(dashboard.page())).as(name).isEmpty();
    assertThat(dashboard.overflowsSideways()).as(name).isFalse();
  }

  @Test
  void numbersBeyondWhatJavaScriptCanHoldAreSentAndShownAsTheyStand() {
    String topic = topics().create("large", 1);
    DashboardPage dashboard = open(Look.DESK);
    dashboard.follow(topic, "earliest");
    dashboard.publish(topic, "", "{\"id\": 9007199254740993}", PATIENCE);
    dashboard.awaitTailRow("{\"id\": 9007199254740993}", PATIENCE);
    assertThat(new String(topics().readAll(topic).getFirst().value(), UTF_8))
        .isEqualTo("{\"id\": 9007199254740993}");
  }

  // The connection.

  @Test
  void eventStreamsStandInWhereNoWebSocketGetsThrough() {
    DashboardPage dashboard = open(Look.DESK.withoutWebSocket());
    assertThat(dashboard.transport()).isEqualTo("sse");
    assertThat(dashboard.tellsOfTheFallback()).isTrue();
    dashboard.awaitPlot("processor", PATIENCE);
    dashboard.awaitPlotMoves("processor", PATIENCE);
    assertThat(dashboard.publish("demo.chat", "", "over HTTP", PATIENCE).topic())
        .isEqualTo("demo.chat");
    dashboard.awaitChatMessage("over HTTP", PATIENCE);
    dashboard.follow("demo.jvm", "recent");
    dashboard.awaitTailRow("heap.used", PATIENCE);
    assertThat(Chromium.screenshot(dashboard.page(), "dashboard-fallback")).isNotEmptyFile();
    assertThat(Accessibility.poorContrast(dashboard.page())).isEmpty();
  }

  @Test
  void connectionIsShownAndItsRoundTrip() {
    DashboardPage dashboard = open(Look.DESK);
    assertThat(dashboard.connectionText()).isEqualTo("Connected");
    assertThat(dashboard.transport()).isEqualTo("websocket");
    assertThat(dashboard.tellsOfTheFallback()).isFalse();
    dashboard.awaitRoundTrip(PATIENCE);
  }

  private static String minute(LocalDateTime time) {
    return time.format(DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm"));
  }

  private static Topics topics() {
    return new Topics(gateway.getBean(LocalBroker.class).bootstrapServers());
  }
}
