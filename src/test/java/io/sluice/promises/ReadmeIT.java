package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.sluice.app.LocalBroker;
import io.sluice.app.Sluice;
import io.sluice.testing.Eventually;
import io.sluice.testing.TestClient;
import io.sluice.testing.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The marked commands of README.md as they stand there, against the development run; only the
 * address is another one. {@code curl} is run; what is said to {@code websocat} is said over a
 * WebSocket to the address that is given to it.
 */
class ReadmeIT {
  private static final Pattern MARKED =
      Pattern.compile("<!-- ReadmeIT runs these. -->\n```\n(.*?)\n```", Pattern.DOTALL);
  private static final Pattern SOCKET = Pattern.compile("ws://[^ ']+");
  private static final String ADDRESS = "127.0.0.1:8080";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private static Path directory;

  private static ApplicationContext gateway;

  /** A line of the file, and the lines of JSON that are typed after it. */
  private record Command(String line, List<String> typed) {}

  @BeforeAll
  static void start() {
    gateway =
        Sluice.start(
            "-micronaut.server.port=-1",
            "-sluice.embedded-kafka.port=0",
            "-sluice.embedded-kafka.directory=" + directory);
    Topics topics = new Topics(gateway.getBean(LocalBroker.class).bootstrapServers());
    Set<String> fed = Set.of("demo.chat", "demo.host");
    assertThat(Eventually.holds(() -> topics.names().containsAll(fed), PATIENCE)).isTrue();
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      Sluice.stop(gateway);
    }
  }

  @TestFactory
  Stream<DynamicTest> everyCommandDoesWhatItSays() throws IOException {
    List<Command> commands = commands(Files.readString(Path.of("README.md")));
    assertThat(commands).hasSize(4);
    return commands.stream()
        .map(command ->
            dynamicTest(
                command.line(), () -> assertTimeoutPreemptively(PATIENCE, () -> run(command))));
  }

  private static List<Command> commands(String readme) {
    int port = gateway.getBean(EmbeddedServer.class).getPort();
    List<Command> commands = new ArrayList<>();
    MARKED
        .matcher(readme.replace(ADDRESS, "127.0.0.1:" + port))
        .results()
        .map((MatchResult block) -> block.group(1))
        .flatMap(String::lines)
        .forEach(line -> {
          if (line.startsWith("{")) {
            commands.getLast().typed().add(line);
          } else {
            commands.add(new Command(line, new ArrayList<>()));
          }
        });
    return commands;
  }

  private static void run(Command command) throws Exception {
    String line = command.line();
    if (line.startsWith("curl ")) {
      String expected = line.contains("text/event-stream") ? "\ndata: {" : "\"offset\":";
      assertThat(outputUntil(expected, line)).contains(expected);
      return;
    }
    assertThat(line).startsWith("websocat ");
    Matcher socket = SOCKET.matcher(line);
    assertThat(socket.find()).isTrue();
    if (command.typed().isEmpty()) {
      comesBack(URI.create(socket.group()));
    } else {
      isAnswered(URI.create(socket.group()), command.typed());
    }
  }

  /** What a shell command writes until it has written that, or ends. */
  private static String outputUntil(String expected, String line) throws IOException {
    Process process = new ProcessBuilder("bash", "-c", line).start();
    StringBuilder written = new StringBuilder();
    try (InputStream output = process.getInputStream()) {
      byte[] bytes = new byte[8192];
      for (int count = output.read(bytes); count >= 0; count = output.read(bytes)) {
        written.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
        if (written.indexOf(expected) >= 0) {
          break;
        }
      }
    } finally {
      process.destroy();
    }
    return written.toString();
  }

  private static void isAnswered(URI address, List<String> typed) {
    try (TestClient client = TestClient.connect(address)) {
      typed.forEach(client::sendText);
      client.await("subscribed");
      client.await("published");
      assertThat(client.await("records").toString()).contains("hello");
    }
  }

  /** One channel by itself: what is typed is published, and so comes back. */
  private static void comesBack(URI address) throws InterruptedException {
    LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (HttpClient http = HttpClient.newHttpClient()) {
      WebSocket socket = http.newWebSocketBuilder().buildAsync(address, hears(heard)).join();
      socket.sendText("typed by a reader", true).join();
      String text = "";
      while (!text.equals("typed by a reader")) {
        text = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(text).isNotNull();
      }
      socket.abort();
    }
  }

  private static WebSocket.Listener hears(LinkedBlockingQueue<String> heard) {
    StringBuilder message = new StringBuilder();
    return new WebSocket.Listener() {
      @Override
      public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean isLast) {
        message.append(part);
        if (isLast) {
          heard.add(message.toString());
          message.setLength(0);
        }
        return WebSocket.Listener.super.onText(socket, part, isLast);
      }
    };
  }
}
