package io.sluice.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.sluice.app.LocalBroker;
import io.sluice.app.Sluice;
import io.sluice.testing.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first minute: the development run, and its page in a real browser. */
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

  @Test
  void plotsMoveWithinAMinute() {
    Page page = chromium.open(url);
    DashboardPage dashboard = new DashboardPage(page);
    dashboard.awaitConnected(PATIENCE);
    for (String plot : DashboardPage.PLOTS) {
      dashboard.awaitPlot(plot, PATIENCE);
      dashboard.awaitPlotMoves(plot, PATIENCE);
    }
    assertThat(dashboard.awaitTile("connections", PATIENCE)).matches("[1-9].*");
    assertThat(Chromium.screenshot(page, "dashboard-light")).isNotEmptyFile();
    assertThat(chromium.uncaughtErrors()).isEmpty();
    assertThat(chromium.requestedUrls()).allMatch(asked -> asked.startsWith(url));
  }

  @Test
  void publishedRecordIsReadByAKafkaConsumerAndShownInTheChat() {
    DashboardPage dashboard = new DashboardPage(chromium.open(url));
    dashboard.awaitConnected(PATIENCE);
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
  void recordOfAKafkaProducerArrivesInTheTable() {
    DashboardPage dashboard = new DashboardPage(chromium.open(url));
    dashboard.awaitConnected(PATIENCE);
    dashboard.follow("demo.chat", "latest");
    topics().produce("demo.chat", 0, "tool", "from a Kafka tool");
    dashboard.awaitTailRow("from a Kafka tool", PATIENCE);
  }

  @Test
  void pageFitsAPhoneInTheDark() {
    Page page = chromium.open(url, 360, 780, ColorScheme.DARK);
    DashboardPage dashboard = new DashboardPage(page);
    dashboard.awaitConnected(PATIENCE);
    dashboard.awaitPlot("processor", PATIENCE);
    assertThat(dashboard.overflowsSideways()).isFalse();
    assertThat(Chromium.screenshot(page, "dashboard-phone-dark")).isNotEmptyFile();
    assertThat(List.of(dashboard.connectionText())).isEqualTo(List.of("Connected"));
  }

  private static Topics topics() {
    return new Topics(gateway.getBean(LocalBroker.class).bootstrapServers());
  }
}
