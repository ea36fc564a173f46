package io.sluice.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.sluice.testing.Prerequisite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A real browser without a window, for one test class. Used by one thread.
 *
 * <p>Where no Chromium is installed the test is skipped, and says so.
 */
final class Chromium implements AutoCloseable {
  private static final List<Path> PLACES =
      Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
          .map(Path::of)
          .toList();

  /** A test machine has no GPU and no user, and must not call home. */
  private static final List<String> FLAGS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private final Playwright playwright;
  private final Browser browser;
  private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /** Starts the browser; up in a few seconds. Skips the test when there is none. */
  static Chromium launch() {
    Path executable = PLACES.stream().filter(Files::isExecutable).findFirst().orElse(null);
    Prerequisite.require(
        executable != null, "no Chromium in " + PLACES + ": this browser test was not run");
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    BrowserType.LaunchOptions options =
        new BrowserType.LaunchOptions().setExecutablePath(executable).setArgs(FLAGS);
    return new Chromium(playwright, playwright.chromium().launch(options));
  }

  /** Every WebSocket fails before it is open, as behind a proxy that does not know them. */
  private static final String NO_WEB_SOCKET =
      """
      window.WebSocket = class {
        constructor() {
          setTimeout(() => {
            this.onerror?.(new Event('error'));
            this.onclose?.(new CloseEvent('close', {code: 1006}));
          });
        }
        close() {}
      };
      """;

  /** Opens an address in a fresh context of a desk's size, in light colours. */
  Page open(String url) {
    return open(url, Look.DESK);
  }

  /** Opens an address in a fresh context: nothing is shared with other pages. */
  Page open(String url, Look look) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(look.width(), look.height())
                .setColorScheme(look.colours())
                .setReducedMotion(look.motion()));
    if (!look.webSocket()) {
      context.addInitScript(NO_WEB_SOCKET);
    }
    Page page = context.newPage();
    page.onPageError(complaints::add);
    page.onRequest(request -> requests.add(request.url()));
    page.navigate(url);
    return page;
  }

  /** Keeps the whole page, from its top, as {@code target/screenshots/<name>.png}. */
  static Path screenshot(Page page, String name) {
    Path file = SCREENSHOTS.resolve(name + ".png");
    page.evaluate("scrollTo(0, 0)");
    page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(true));
    return file;
  }

  /** Exceptions that no script of any page caught. */
  List<String> uncaughtErrors() {
    return List.copyOf(complaints);
  }

  /** Addresses that any page asked for over HTTP. */
  List<String> requestedUrls() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
