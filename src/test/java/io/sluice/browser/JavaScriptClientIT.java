package io.sluice.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import io.sluice.testing.Broker;
import io.sluice.testing.Gateway;
import io.sluice.testing.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The JavaScript client, a real gateway and a real broker: the scenarios of {@code
 * src/test/js/live}, in Node and in a real browser.
 */
class JavaScriptClientIT {
  private static final Path FOLDER = Path.of("src/test/js").toAbsolutePath();

  /** With one partition, as the scenarios name them. */
  private static final List<String> TOPICS =
      List.of("kinds", "moved", "starts", "granted", "glob.a", "glob.b");

  /** With several. */
  private static final List<String> WIDE_TOPICS = List.of("cut", "cut-streams", "slow", "keyed");

  private static Node.Server files;
  private static Gateway gateway;
  private static Node.Server cutting;

  @BeforeAll
  static void start() {
    Node.require();
    files =
        Node.Server.start(FOLDER.resolve("rude/server.js").toString(), Node.ONE_FILE.toString());
    gateway =
        Gateway.start(Broker.shared(), Map.of("sluice.websocket.allowed-origins", files.address()));
    cutting = proxy("cutting");
  }

  @AfterAll
  static void stop() {
    Stream.of(cutting, gateway, files).filter(Objects::nonNull).forEach(JavaScriptClientIT::close);
  }

  private static void close(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new AssertionError("It does not close: " + closeable, e);
    }
  }

  @Test
  void clientInNodeDoesWhatItPromises() {
    try (Node.Server blocking = proxy("blocking")) {
      String addresses = addresses(blocking.address());
      Node.Result result =
          Node.test(
              List.of(FOLDER.resolve("live/live.run.js")),
              Map.of("SLUICE_LIVE", addresses, "SLUICE_CLIENT", Node.ONE_FILE.toString()));
      assertThat(result.exitCode()).as(result.output()).isZero();
      assertThat(result.output()).contains("# fail 0").doesNotContain("# pass 0");
    }
  }

  /**
   * A page of another origin than the gateway's: what a browser asks before each request is asked.
   */
  @Test
  void clientInABrowserDoesWhatItPromises() {
    try (Chromium chromium = Chromium.launch();
        Node.Server blocking = proxy("blocking")) {
      Object complaints =
          chromium
              .open(files.address() + "/")
              .evaluate(
                  """
                  async (addresses) => {
                    const {live, playLive} = await import('/live/live.js');
                    const complaints = [];
                    for (const name of Object.keys(live)) {
                      try {
                        await playLive(name, JSON.parse(addresses), await import('/sluice.js'));
                      } catch (error) {
                        complaints.push(`${name}: ${error.stack ?? error}`);
                      }
                    }
                    return complaints;
                  }
                  """,
                  addresses(blocking.address()));
      assertThat(complaints).asInstanceOf(LIST).isEmpty();
      assertThat(chromium.uncaughtErrors()).isEmpty();
    }
  }

  private static String gatewayAddress() {
    return "http://127.0.0.1:" + gateway.ws().getPort();
  }

  private static Node.Server proxy(String kind) {
    return Node.Server.start(
        FOLDER.resolve("live/proxy.js").toString(), Integer.toString(gateway.ws().getPort()), kind);
  }

  /** Makes topics that are nobody else's, and tells where everything is, as JSON. */
  private static String addresses(String blocking) {
    Topics topics = Broker.shared().topics();
    String prefix = Broker.uniqueName("live");
    TOPICS.forEach(name -> topics.createNamed(prefix + "." + name, 1, Map.of()));
    WIDE_TOPICS.forEach(name -> topics.createNamed(prefix + "." + name, 3, Map.of()));
    return """
    {"gateway":"%s","cutting":"%s","blocking":"%s","prefix":"%s"}\
    """
        .formatted(gatewayAddress(), cutting.address(), blocking, prefix);
  }
}
