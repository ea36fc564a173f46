package io.sluice.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.SimpleFileServer.OutputLevel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page from a plain file server: there is nothing at {@code /v1/ws}. */
class DashboardWithoutGatewayIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Path PUBLIC = Path.of("target/classes/public").toAbsolutePath();

  private static Chromium chromium;
  private static HttpServer files;
  private static String url;

  @BeforeAll
  static void start() {
    chromium = Chromium.launch();
    files =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), PUBLIC, OutputLevel.NONE);
    files.start();
    url = "http://127.0.0.1:" + files.getAddress().getPort() + "/";
  }

  @AfterAll
  static void stop() {
    if (files != null) {
      files.stop(0);
    }
    if (chromium != null) {
      chromium.close();
    }
  }

  @Test
  void pageSaysThatItReconnectsAndNoScriptFails() {
    DashboardPage dashboard = new DashboardPage(chromium.open(url));
    dashboard.awaitState("waiting", PATIENCE);
    assertThat(dashboard.connectionText()).startsWith("Reconnecting");
    assertThat(chromium.uncaughtErrors()).isEmpty();
  }

  @Test
  void nothingIsFetchedFromElsewhere() {
    DashboardPage dashboard = new DashboardPage(chromium.open(url));
    dashboard.awaitState("waiting", PATIENCE);
    assertThat(chromium.requestedUrls()).isNotEmpty().allMatch(asked -> asked.startsWith(url));
  }

  @Test
  void fitsAPhoneAndAWallScreen() {
    Page phone = chromium.open(url, Look.PHONE);
    Page wall = chromium.open(url, Look.WALL.dark());
    assertThat(new DashboardPage(phone).overflowsSideways()).isFalse();
    assertThat(new DashboardPage(wall).overflowsSideways()).isFalse();
    assertThat(Chromium.screenshot(phone, "without-gateway-phone")).isNotEmptyFile();
    assertThat(Chromium.screenshot(wall, "without-gateway-wall")).isNotEmptyFile();
  }

  @Test
  void themeButtonSwitchesBothWaysAndIsRemembered() {
    Page page = chromium.open(url);
    DashboardPage dashboard = new DashboardPage(page);
    String light = dashboard.ground();
    assertThat(dashboard.toggleTheme()).isEqualTo("dark");
    String dark = dashboard.ground();
    assertThat(dark).isNotEqualTo(light);
    page.reload();
    assertThat(dashboard.ground()).isEqualTo(dark);
    assertThat(dashboard.toggleTheme()).isEqualTo("light");
    assertThat(dashboard.ground()).isEqualTo(light);
    assertThat(dashboard.headings()).contains("Sluice", "Right now", "Publish a record");
  }

  @Test
  void themeIsTheSystemsUntilTheButtonIsPressed() {
    String dark = new DashboardPage(chromium.open(url, Look.DESK.dark())).ground();
    assertThat(dark).isNotEqualTo(new DashboardPage(chromium.open(url)).ground());
  }

  @Test
  void motionStopsForWhoAsksTheSystem() {
    Page lively = chromium.open(url);
    new DashboardPage(lively).awaitState("waiting", PATIENCE);
    assertThat(Accessibility.moving(lively)).isNotEmpty();
    Page calm = chromium.open(url, Look.DESK.calm());
    new DashboardPage(calm).awaitState("waiting", PATIENCE);
    assertThat(Accessibility.moving(calm)).isEmpty();
  }

  @Test
  void everythingHasANameAndIsReachedByKeyboard() {
    Page page = chromium.open(url);
    assertThat(Accessibility.withoutAName(page)).isEmpty();
    assertThat(Accessibility.tabStops(page, 14))
        .startsWith("skip", "theme-toggle")
        .contains("tail-channel", "tail-key", "tail-from", "tail-start", "publish-channel")
        .contains("publish-key", "publish-value", "publish-send")
        .noneMatch(stop -> stop.contains("not seen"));
  }
}
