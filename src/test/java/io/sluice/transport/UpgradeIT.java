package io.sluice.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.sluice.app.Sluice;
import io.sluice.testing.Broker;
import io.sluice.testing.RawHttp;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as raw bytes, against the real server. */
class UpgradeIT {
  private static final String PING = masked(0x81, "{\"type\":\"ping\",\"id\":7}");
  private static final String CLOSE = masked(0x88, "\u0003\u00e8");

  private static ApplicationContext gateway;
  private static RawHttp http;

  @BeforeAll
  static void start() {
    gateway =
        Sluice.start(
            "-micronaut.server.port=-1",
            "-kafka.bootstrap.servers=" + Broker.shared().bootstrapServers(),
            "-sluice.websocket.handshake-timeout=1s",
            "-sluice.websocket.heartbeat=500ms",
            "-sluice.websocket.allowed-origins=https://good.example");
    http = new RawHttp(gateway.getBean(EmbeddedServer.class).getPort());
  }

  @AfterAll
  static void stop() {
    Sluice.stop(gateway);
  }

  @Nested
  class Accepted {
    @Test
    void bytesOfTheSameSegmentAreTheFirstFrames() throws IOException {
      String answer = exchange(request("/v1/ws", "") + PING + CLOSE);
      assertThat(answer)
          .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
          .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
          .containsSubsequence("\"type\":\"welcome\"", "{\"type\":\"pong\",\"id\":7}")
          .endsWith("\u0088\u0002\u0003\u00e8");
    }

    @Test
    void absoluteFormOfTheTargetIsUnderstood() throws IOException {
      String request =
          request("/v1/ws", "").replace("GET /v1/ws", "GET http://" + host() + "/v1/ws?x=1");
      assertThat(exchange(request + CLOSE)).startsWith("HTTP/1.1 101");
    }

    @Test
    void upgradeAfterAnOrdinaryRequestOnTheSameConnectionWorks() throws IOException {
      try (Socket socket = http.connect()) {
        RawHttp.send(socket, "GET /health HTTP/1.1\r\nHost: " + host() + "\r\n\r\n");
        RawHttp.readUntil(socket, "}");
        RawHttp.send(socket, request("/v1/ws", "") + CLOSE);
        assertThat(RawHttp.readAll(socket))
            .startsWith("HTTP/1.1 101")
            .contains("\"type\":\"welcome\"");
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "Sec-WebSocket-Protocol: sluice.v1.json\r\n",
          "Sec-WebSocket-Protocol: bearer.abc, sluice.v1.json\r\n"
        })
    void knownSubprotocolOrNoneIsAccepted(String header) throws IOException {
      String answer = exchange(request("/v1/ws", header) + CLOSE);
      assertThat(answer).startsWith("HTTP/1.1 101").doesNotContain("bearer");
      assertThat(answer.contains("Sec-WebSocket-Protocol: sluice.v1.json\r\n"))
          .isEqualTo(!header.isEmpty());
    }

    /** RFC 6455 §4.1: the client offers in the order of its preference. */
    @ParameterizedTest
    @CsvSource({
      "'sluice.v1.cbor', sluice.v1.cbor",
      "'sluice.v1.cbor, sluice.v1.json', sluice.v1.cbor",
      "'sluice.v1.json, sluice.v1.cbor', sluice.v1.json",
      "'mqtt, bearer.abc, sluice.v1.cbor, sluice.v1.json', sluice.v1.cbor"
    })
    void theFirstKnownOfferIsAgreedOnAndSpoken(String offered, String agreed) throws IOException {
      String answer =
          exchange(request("/v1/ws", "Sec-WebSocket-Protocol: " + offered + "\r\n") + CLOSE);
      assertThat(answer)
          .startsWith("HTTP/1.1 101")
          .containsOnlyOnce("Sec-WebSocket-Protocol: " + agreed + "\r\n")
          // In CBOR a text's initial byte is its length, here as a letter: 0x64 and 0x67.
          .contains(agreed.endsWith("cbor") ? "dtypegwelcome" : "\"type\":\"welcome\"");
    }

    @Test
    void pageOfTheSameHostOrOfAListedOriginMayConnect() throws IOException {
      assertThat(exchange(request("/v1/ws", "Origin: http://" + host() + "\r\n") + CLOSE))
          .startsWith("HTTP/1.1 101");
      assertThat(exchange(request("/v1/ws", "Origin: https://good.example\r\n") + CLOSE))
          .startsWith("HTTP/1.1 101");
    }

    @Test
    void peerThatShowsNoLifeForTwoHeartbeatsIsClosed() throws IOException {
      // It does not answer pings: the stream ends by itself, which is what exchange waits for.
      assertThat(exchange(request("/v1/ws", "")))
          .containsSubsequence(
              "\"type\":\"welcome\"", "\u0089\u0000", "No sign of life for two heartbeats.");
    }
  }

  @Nested
  class Refused {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "Origin: https://good.example.evil\r\n",
          "Origin: http://good.example\r\n",
          "Origin: null\r\n",
          "Origin: https://good.example:444\r\n",
          "Origin: https://GOOD.example\r\n"
        })
    void pageOfAnotherOriginIsForbidden(String header) throws IOException {
      assertRefused(request("/v1/ws", header), "403 Forbidden");
    }

    @Test
    void requestWithoutUpgradeIsToldToUpgrade() throws IOException {
      String answer = exchange("GET /v1/ws HTTP/1.1\r\nHost: " + host() + "\r\n\r\n");
      assertThat(answer).startsWith("HTTP/1.1 426 ").contains("Sec-WebSocket-Version: 13\r\n");
    }

    @Test
    void otherVersionIsToldOurs() throws IOException {
      String request = request("/v1/ws", "").replace("Version: 13", "Version: 777");
      String answer = exchange(request);
      assertThat(answer).startsWith("HTTP/1.1 426 ").contains("Sec-WebSocket-Version: 13\r\n");
    }

    @Test
    void unknownSubprotocolIsToldTheKnownOnes() throws IOException {
      String answer = exchange(request("/v1/ws", "Sec-WebSocket-Protocol: mqtt\r\n"));
      assertThat(answer).startsWith("HTTP/1.1 400 ").contains("sluice.v1.json, sluice.v1.cbor");
    }

    @Test
    void endpointThatIsSwitchedOffIsNotThere() throws IOException {
      assertRefused(request("/v1/echo", ""), "404 Not Found");
    }

    @Test
    void upgradeElsewhereIsNotFound() throws IOException {
      assertRefused(request("/health", ""), "404 Not Found");
    }

    @Test
    void offerOfAnotherProtocolIsIgnored() throws IOException {
      String request =
          request("/health", "")
              .replace("Upgrade: websocket", "Upgrade: h2c")
              .replace("Connection: keep-alive, Upgrade", "Connection: close");
      assertThat(exchange(request))
          .startsWith("HTTP/1.1 200 ")
          .contains("{\"status\":\"UP\"}")
          .doesNotContain("101");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"Sec-WebSocket-Version: 777", "Sec-WebSocket-Version: 13\r\nContent-Length: 5"})
    void whatFollowsARefusedUpgradeIsNotReadAsHttp(String version) throws IOException {
      String answer =
          exchange(
              request("/v1/ws", "").replace("Sec-WebSocket-Version: 13", version)
                  + "GET /health HTTP/1.1\r\nHost: "
                  + host()
                  + "\r\n\r\n");
      assertThat(answer).containsOnlyOnce("HTTP/1.1 ").doesNotContain("UP");
    }

    private void assertRefused(String request, String status) throws IOException {
      assertThat(exchange(request))
          .startsWith("HTTP/1.1 " + status + "\r\n")
          .contains(
              "Connection: close\r\n",
              "Content-Type: application/problem+json\r\n",
              "\"detail\":\"");
    }
  }

  @Test
  void upgradePipelinedBehindARequestWaitsForItsResponse() throws IOException {
    String answer =
        exchange(
            "GET /health HTTP/1.1\r\nHost: " + host() + "\r\n\r\n" + request("/v1/ws", "") + CLOSE);
    assertThat(answer).startsWith("HTTP/1.1 200 ").contains("{\"status\":\"UP\"}HTTP/1.1 101 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/ws HTTP/1.1\r\nHost: ",
        "POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab"
      })
  void connectionThatSendsNoWholeRequestIsClosed(String start) throws IOException {
    assertThat(exchange(start)).doesNotContain("HTTP/1.1 200");
  }

  private static String exchange(String bytes) throws IOException {
    return http.exchange(bytes);
  }

  private static String host() {
    return http.host();
  }

  private static String request(String path, String headers) {
    return http.upgrade(path, headers);
  }

  /** A client's frame, masked with zeros, which leave the payload as it is. */
  private static String masked(int firstByte, String payload) {
    return "" + (char) firstByte + (char) (0x80 | payload.length()) + "\0\0\0\0" + payload;
  }
}
