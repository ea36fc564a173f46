package io.sluice.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;

/**
 * HTTP as bytes, with whatever mistakes a test makes, to a port of this machine.
 *
 * @param port where to
 */
public record RawHttp(int port) {
  private static final int PATIENCE_MILLIS = 15_000;

  /** Sends {@code bytes} and returns all that comes until the gateway ends the stream. */
  public String exchange(String bytes) throws IOException {
    try (Socket socket = connect()) {
      send(socket, bytes);
      return readAll(socket);
    }
  }

  /** A connection of its own; the caller closes it. */
  public Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  /** Sends {@code bytes}, one for each character. */
  public static void send(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
  }

  /** What comes until the end of the stream. */
  public static String readAll(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  /** What comes up to and with {@code end}. */
  public static String readUntil(Socket socket, String end) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.length() < end.length()
        || !read.substring(read.length() - end.length()).equals(end)) {
      int b = socket.getInputStream().read();
      if (b < 0) {
        throw new AssertionError("The stream ended before " + end + " came: " + read);
      }
      read.append((char) b);
    }
    return read.toString();
  }

  /** What requests give as {@code Host}. */
  public String host() {
    return "127.0.0.1:" + port;
  }

  /** A request for a WebSocket, with {@code headers} beside those that it needs. */
  public String upgrade(String path, String headers) {
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: "
        + host()
        + "\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + headers
        + "\r\n";
  }

  /** A request without a body. */
  public String request(String method, String path, String headers) {
    return method + " " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n" + headers + "\r\n";
  }

  /** A {@code POST} whose body has the length of {@code body}. */
  public String post(String path, String headers, String body) {
    return request("POST", path, headers + "Content-Length: " + body.length() + "\r\n") + body;
  }
}
