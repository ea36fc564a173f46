package io.sluice.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.Broker;
import io.sluice.testing.Gateway;
import io.sluice.testing.PlainSocket;
import io.sluice.testing.PlainSocket.Heard.Binary;
import io.sluice.testing.PlainSocket.Heard.Closed;
import io.sluice.testing.PlainSocket.Heard.Pong;
import io.sluice.testing.PlainSocket.Heard.Text;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code /v1/echo} and the JDK's own WebSocket client: two independent readings of RFC 6455. */
class EchoIT {
  private static final int MAX_MESSAGE_BYTES = 1 << 20;

  private static Gateway gateway;

  private PlainSocket socket;

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
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void connect() {
    socket = PlainSocket.connect(URI.create(gateway.ws().toString().replace("/v1/ws", "/v1/echo")));
  }

  @AfterEach
  void disconnect() {
    socket.close();
  }

  @Test
  void textComesBackAsItWas() {
    socket.send("hällo 😀");
    assertThat(socket.next()).isEqualTo(new Text("hällo 😀"));
    socket.send("");
    assertThat(socket.next()).isEqualTo(new Text(""));
  }

  @Test
  void fragmentsComeBackAsOneMessage() {
    socket.socket().sendText("one, ", false).join();
    socket.socket().sendPing(ByteBuffer.wrap(new byte[] {1})).join();
    socket.socket().sendText("two, ", false).join();
    socket.socket().sendText("three", true).join();
    assertThat(socket.next()).isEqualTo(new Pong("01"));
    assertThat(socket.next()).isEqualTo(new Text("one, two, three"));
  }

  @Test
  void messageOfTheLargestSizeComesBackAsItWas() {
    byte[] bytes = new byte[MAX_MESSAGE_BYTES];
    new Random(1).nextBytes(bytes);
    socket.send(bytes);
    assertThat(socket.next()).isEqualTo(new Binary(HexFormat.of().formatHex(bytes)));
  }

  @Test
  void messageThatIsLargerEndsTheConnectionWith1009() {
    socket.send(new byte[MAX_MESSAGE_BYTES + 1]);
    assertThat(socket.next())
        .isEqualTo(new Closed(1009, "A message may have at most " + MAX_MESSAGE_BYTES + " bytes."));
  }

  @Test
  void closeIsAnsweredWithItsCode() {
    socket.socket().sendClose(4321, "that is all").join();
    assertThat(socket.next()).isEqualTo(new Closed(4321, ""));
  }
}
