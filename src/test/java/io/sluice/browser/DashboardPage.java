package io.sluice.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page at {@code /} as a reader uses it, by its stable test ids. */
record DashboardPage(Page page) {
  /** Names of the plots, top left to bottom right: {@code plot-<name>}. */
  static final List<String> PLOTS =
      List.of("processor", "memory", "network", "disk", "heap", "collector", "records", "bytes");

  private static final Pattern STORED =
      Pattern.compile(
          "Stored in (?<topic>\\S+), partition (?<partition>\\d+), offset (?<offset>\\d+)");

  /** Where Kafka stored a record, as the page told it. */
  record Stored(String topic, int partition, long offset) {}

  private Locator part(String testId) {
    return page.getByTestId(testId);
  }

  /** Waits until the page says that it is connected. */
  void awaitConnected(Duration patience) {
    awaitState("open", patience);
  }

  /**
   * Waits for a state of the connection.
   *
   * @param state {@code connecting}, {@code open}, {@code draining}, {@code waiting} or {@code
   *     closed}
   */
  void awaitState(String state, Duration patience) {
    assertThat(part("connection-state"))
        .hasAttribute(
            "data-state",
            state,
            new LocatorAssertions.HasAttributeOptions().setTimeout(patience.toMillis()));
  }

  /**
   * By which way the page is connected: {@code websocket} or {@code sse}; empty where it is not.
   */
  String transport() {
    return part("connection-state").getAttribute("data-transport");
  }

  /** Whether the page says that event streams stand in for a WebSocket. */
  boolean tellsOfTheFallback() {
    return part("fallback").isVisible();
  }

  /** What the page says about its connection, such as {@code Connected}. */
  String connectionText() {
    return part("connection-state").innerText().strip();
  }

  /** Waits until the page shows how long the gateway takes to answer, such as {@code 1.2 ms}. */
  void awaitRoundTrip(Duration patience) {
    assertThat(part("round-trip"))
        .containsText(
            Pattern.compile("\\d ms"),
            new LocatorAssertions.ContainsTextOptions().setTimeout(patience.toMillis()));
  }

  /** Waits until a tile shows a number, and returns it with its unit. */
  String awaitTile(String metric, Duration patience) {
    Locator value = part("tile-" + metric).locator(".tile-value");
    assertThat(value)
        .hasText(
            Pattern.compile("\\d"),
            new LocatorAssertions.HasTextOptions().setTimeout(patience.toMillis()));
    return value.innerText().strip();
  }

  /** Waits until a plot has drawn something. */
  void awaitPlot(String name, Duration patience) {
    assertThat(part("plot-" + name))
        .hasAttribute(
            "data-updated",
            Pattern.compile("\\d+"),
            new LocatorAssertions.HasAttributeOptions().setTimeout(patience.toMillis()));
  }

  /** Waits until a plot that has drawn something draws a newer measurement. */
  void awaitPlotMoves(String name, Duration patience) {
    String before = part("plot-" + name).getAttribute("data-updated");
    assertThat(part("plot-" + name))
        .not()
        .hasAttribute(
            "data-updated",
            before,
            new LocatorAssertions.HasAttributeOptions().setTimeout(patience.toMillis()));
  }

  /**
   * Publishes through the box and waits for the acknowledgement.
   *
   * @param value JSON where it is JSON, else text
   */
  Stored publish(String channel, String key, String value, Duration patience) {
    part("publish-channel").fill(channel);
    part("publish-key").fill(key);
    part("publish-value").fill(value);
    part("publish-send").click();
    assertThat(part("publish-result"))
        .hasAttribute(
            "data-state",
            Pattern.compile("stored|failed"),
            new LocatorAssertions.HasAttributeOptions().setTimeout(patience.toMillis()));
    String result = part("publish-result").innerText();
    Matcher told = STORED.matcher(result);
    if (!told.find()) {
      throw new AssertionError("The page did not say that the record was stored: " + result);
    }
    return new Stored(
        told.group("topic"),
        Integer.parseInt(told.group("partition")),
        Long.parseLong(told.group("offset")));
  }

  /**
   * Sends what stands in the box, and waits for what the page says then.
   *
   * @return why it was not stored
   */
  String publishInVain(String channel, String value, Duration patience) {
    part("publish-channel").fill(channel);
    part("publish-value").fill(value);
    part("publish-send").click();
    assertThat(part("publish-result"))
        .hasAttribute(
            "data-state",
            "failed",
            new LocatorAssertions.HasAttributeOptions().setTimeout(patience.toMillis()));
    return part("publish-result").innerText();
  }

  /** How the page would send a text that stands in the box. */
  String kindOf(String value) {
    part("publish-value").fill(value);
    return part("publish-kind").innerText();
  }

  /**
   * Follows a channel in the table.
   *
   * @param from {@code latest}, {@code recent} (the last 100), {@code earliest}, or a local time
   *     such as {@code 2026-01-31T12:00}
   */
  void follow(String channel, String from) {
    part("tail-channel").fill(channel);
    boolean isTime = from.contains("T");
    part("tail-from").selectOption(isTime ? "since" : from);
    if (isTime) {
      part("tail-since").fill(from);
    }
    part("tail-start").click();
  }

  /** Shows only records with this key from the next follow on; all where it is empty. */
  void chooseKey(String key) {
    part("tail-key").fill(key);
  }

  /** Presses Pause, or Continue. */
  void pauseOrContinue() {
    part("tail-pause").click();
  }

  /** Presses Stop. */
  void stopFollowing() {
    part("tail-stop").click();
  }

  /** Waits until the table says something about itself. */
  void awaitTailStatus(Pattern words, Duration patience) {
    assertThat(part("tail-status"))
        .containsText(
            words, new LocatorAssertions.ContainsTextOptions().setTimeout(patience.toMillis()));
  }

  /** Offsets in the table, newest first, all of one moment. */
  List<String> tailOffsets() {
    Object offsets = part("tail-row").evaluateAll("rows => rows.map(row => row.dataset.offset)");
    return ((List<?>) offsets).stream().map(String::valueOf).toList();
  }

  /** Waits until the table has so many rows. */
  void awaitTailRows(int rows, Duration patience) {
    assertThat(part("tail-row"))
        .hasCount(rows, new LocatorAssertions.HasCountOptions().setTimeout(patience.toMillis()));
  }

  /** Whether the table says of which topic each record is. */
  boolean showsTopics() {
    return page.locator("th.topic").isVisible();
  }

  /** Waits until the page offers a channel to choose. */
  void awaitOffered(String channel, Duration patience) {
    assertThat(page.locator("#channels option[value='" + channel + "']"))
        .isAttached(new LocatorAssertions.IsAttachedOptions().setTimeout(patience.toMillis()));
  }

  /** Waits until the table has a row that contains a text. */
  void awaitTailRow(String text, Duration patience) {
    Locator row = part("tail-row").filter(new Locator.FilterOptions().setHasText(text)).first();
    assertThat(row)
        .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(patience.toMillis()));
  }

  /** What the table says about itself, such as {@code Following orders · 12 records}. */
  String tailStatus() {
    return part("tail-status").innerText().strip();
  }

  /** Waits until the chat shows a message that contains a text. */
  void awaitChatMessage(String text, Duration patience) {
    Locator message =
        part("chat-message").filter(new Locator.FilterOptions().setHasText(text)).first();
    assertThat(message)
        .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(patience.toMillis()));
  }

  /** Waits for the banner that says that Kafka cannot be reached. */
  void awaitKafkaUnavailable(Duration patience) {
    assertThat(part("kafka-status"))
        .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(patience.toMillis()));
  }

  /** Waits until that banner is gone. */
  void awaitKafkaAvailable(Duration patience) {
    assertThat(part("kafka-status"))
        .isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(patience.toMillis()));
  }

  /** What this page's stylesheet chose: the ground's colour, as CSS writes it. */
  String ground() {
    return (String) page.evaluate("getComputedStyle(document.body).backgroundColor");
  }

  /** Presses the button for light or dark colours, and returns those that hold now. */
  String toggleTheme() {
    part("theme-toggle").click();
    return page.locator("html").getAttribute("data-theme");
  }

  /** Whether the page can be scrolled sideways, which it never should. */
  boolean overflowsSideways() {
    return (boolean)
        page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth");
  }

  /** Headings as a screen reader lists them. */
  List<String> headings() {
    return page.getByRole(AriaRole.HEADING).allInnerTexts();
  }
}
