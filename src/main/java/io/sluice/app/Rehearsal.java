package io.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

/**
 * A start that is made to be recorded: with {@code -XX:AOTCacheOutput} the JVM keeps the classes
 * that the gateway and a first client needed, and later starts find them loaded and linked
 * (docs/decisions/0007-start-cache.md). It needs no broker.
 */
public final class Rehearsal {
  /** Nobody listens there: what a start needs of Kafka's clients it needs before they connect. */
  private static final String NO_BROKERS = "127.0.0.1:9";

  private static final int TIMEOUT_MILLIS = 10_000;

  private Rehearsal() {}

  /** Starts a gateway on a free port of loopback, is its client, and ends it. */
  public static void main(String[] args) throws IOException {
    ApplicationContext context =
        Sluice.start(
            "-micronaut.server.host=127.0.0.1",
            "-micronaut.server.port=-1",
            "-kafka.bootstrap.servers=" + NO_BROKERS,
            "-sluice.shutdown.delay=0s");
    try {
      int port = context.getBean(EmbeddedServer.class).getPort();
      for (String path :
          new String[] {"/health/readiness", "/health/liveness", "/", "/sluice.js"}) {
        speak(
            port, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "");
      }
      speak(
          port,
          "GET /v1/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
          "{\"type\":\"ping\"}");
    } finally {
      Sluice.stop(context);
    }
  }

  /** Sends a request and, where there is one, a message behind it; reads to the end. */
  private static void speak(int port, String request, String message) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(UTF_8));
      if (!message.isEmpty()) {
        out.write(frame(0x81, message.getBytes(UTF_8)));
        awaitText(socket.getInputStream(), "\"pong\"");
        out.write(frame(0x88, new byte[] {0x03, (byte) 0xE8}));
      }
      socket.getInputStream().readAllBytes();
    }
  }

  /** A whole frame of a client (RFC 6455 §5.2), masked with zeros, which changes nothing. */
  private static byte[] frame(int finAndOpcode, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(finAndOpcode);
    frame.write(0x80 | payload.length);
    frame.writeBytes(new byte[4]);
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  private static void awaitText(InputStream in, String wanted) throws IOException {
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf(wanted) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("The gateway said only: " + seen);
      }
      seen.append((char) next);
    }
  }
}
