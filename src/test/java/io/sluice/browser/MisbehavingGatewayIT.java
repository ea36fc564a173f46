package io.sluice.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The client in a real browser against a gateway that breaks every rule: the scenarios of {@code
 * src/test/js/rude}, which run under Node too.
 */
class MisbehavingGatewayIT {
  private static final Path SERVER = Path.of("src/test/js/rude/server.js").toAbsolutePath();

  private static Chromium chromium;
  private static Node.Server gateway;
  private static Page page;

  @BeforeAll
  static void start() {
    Node.require();
    chromium = Chromium.launch();
    gateway = Node.Server.start(SERVER.toString(), Node.ONE_FILE.toString());
    page = chromium.open(gateway.address() + "/");
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
    if (chromium != null) {
      chromium.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> clientInABrowserStands() {
    Object names =
        page.evaluate("async () => Object.keys((await import('/rude/scenarios.js')).scenarios)");
    return ((List<?>) names)
        .stream().map(name -> DynamicTest.dynamicTest(name.toString(), () -> play(name)));
  }

  private static void play(Object name) {
    Object complaint =
        page.evaluate(
            """
            async (name) => {
              const {play} = await import('/rude/scenarios.js');
              try {
                await play(name, location.origin, await import('/sluice.js'), 1);
              } catch (error) {
                return `${error.stack ?? error}`;
              }
              return await (await fetch('/failures')).text();
            }
            """,
            name);
    assertThat(complaint).isEqualTo("");
    assertThat(chromium.uncaughtErrors()).isEmpty();
  }
}
