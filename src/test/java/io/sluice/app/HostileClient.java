package io.sluice.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;

/** Says to a gateway, byte by byte, what no honest client would. */
record HostileClient(int port) {
  private static final int PATIENCE_MILLIS = 15_000;
  private static final int TEXT = 0x81;
  private static final int CLOSE = 0x88;

  /** Asks for {@code target} with further header lines, and reads the answer to its end. */
  String ask(String target, String... headers) {
    return exchange(request(target, headers).getBytes(ISO_8859_1));
  }

  /** Connects and closes with {@code reason}, which has at most 123 bytes. */
  void closeSaying(String reason) {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    payload.writeBytes(new byte[] {0x03, (byte) 0xe8}); // 1000
    payload.writeBytes(reason.getBytes(UTF_8));
    exchange(conversation(CLOSE, true, payload.toByteArray()));
  }

  /** Connects and sends a frame that is not masked (RFC 6455 §5.1). */
  void breakARule() {
    exchange(conversation(TEXT, false, new byte[] {'x'}));
  }

  /** A WebSocket that is open, as a plain socket; what the gateway says is not read. */
  Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.getOutputStream().write(upgrade());
    return socket;
  }

  private byte[] upgrade() {
    return request("/v1/ws", "Sec-WebSocket-Protocol: sluice.v1.json").getBytes(UTF_8);
  }

  private byte[] conversation(int opening, boolean masked, byte[] payload) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(upgrade());
    bytes.write(opening);
    bytes.write(payload.length | (masked ? 0x80 : 0));
    if (masked) {
      bytes.writeBytes(new byte[4]); // a mask that changes nothing
    }
    bytes.writeBytes(payload);
    return bytes.toByteArray();
  }

  private String request(String target, String... headers) {
    return String.join(
            "\r\n",
            "GET " + target + " HTTP/1.1",
            "Host: 127.0.0.1:" + port,
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            String.join("\r\n", headers))
        + "\r\n\r\n";
  }

  private String exchange(byte[] bytes) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(bytes);
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
