package io.sluice.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.Broker;
import io.sluice.testing.Gateway;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code /v1/echo} and the JDK's own WebSocket client: two independent readings of RFC 6455. */
class EchoIT {
  private static final int PATIENCE_SECONDS = 15;
  private static final int MAX_MESSAGE_BYTES = 1 << 20;

  private static Gateway gateway;
  private static HttpClient http;

  private final Heard heard = new Heard();
  private WebSocket socket;

  @BeforeAll
  static void start() {
    gateway =
        Gateway.start(
            Broker.shared(),
            Map.of(
                "sluice.websocket.echo-enabled",
                "true",
                "sluice.websocket.max-message-bytes",
                Integer.toString(MAX_MESSAGE_BYTES)));
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    http.close();
    gateway.close();
  }

  @BeforeEach
  void connect() {
    URI echo = URI.create(gateway.ws().toString().replace("/v1/ws", "/v1/echo"));
    socket = http.newWebSocketBuilder().buildAsync(echo, heard).join();
  }

  @AfterEach
  void disconnect() {
    socket.abort();
  }

  @Test
  void textComesBackAsItWas() throws InterruptedException {
    socket.sendText("hällo 😀", true).join();
    assertThat(heard.next()).isEqualTo("hällo 😀");
    socket.sendText("", true).join();
    assertThat(heard.next()).isEqualTo("");
  }

  @Test
  void fragmentsComeBackAsOneMessage() throws InterruptedException {
    socket.sendText("one, ", false).join();
    socket.sendPing(ByteBuffer.wrap(new byte[] {1})).join();
    socket.sendText("two, ", false).join();
    socket.sendText("three", true).join();
    assertThat(heard.next()).isEqualTo("pong 1");
    assertThat(heard.next()).isEqualTo("one, two, three");
  }

  @Test
  void messageOfTheLargestSizeComesBackAsItWas() throws InterruptedException {
    byte[] bytes = new byte[MAX_MESSAGE_BYTES];
    new Random(1).nextBytes(bytes);
    socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
    assertThat(heard.next()).isEqualTo(ByteBuffer.wrap(bytes));
  }

  @Test
  void messageThatIsLargerEndsTheConnectionWith1009() throws InterruptedException {
    CompletableFuture<WebSocket> unused =
        socket.sendBinary(ByteBuffer.allocate(MAX_MESSAGE_BYTES + 1), true);
    assertThat(heard.next())
        .isEqualTo("closed 1009 A message may have at most " + MAX_MESSAGE_BYTES + " bytes.");
  }

  @Test
  void closeIsAnsweredWithItsCode() throws InterruptedException {
    socket.sendClose(4321, "that is all").join();
    assertThat(heard.next()).isEqualTo("closed 4321 ");
  }

  /** What the client hears, in order. */
  private static final class Heard implements WebSocket.Listener {
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Object next() throws InterruptedException {
      Object event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(event).as("something heard within %d s", PATIENCE_SECONDS).isNotNull();
      return event;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        events.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      while (data.hasRemaining()) {
        bytes.write(data.get());
      }
      if (last) {
        events.add(ByteBuffer.wrap(bytes.toByteArray()));
        bytes.reset();
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      events.add("pong " + message.get(0));
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      events.add("closed " + code + " " + reason);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      events.add("error " + error);
    }
  }
}
