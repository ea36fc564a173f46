package io.sluice.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One client of the {@link RawWriter}: a place in the ready frames. The thread of its loop only.
 */
final class RawSocket {
  /** The answer to the only key that the load generator sends (the example of RFC 6455 §1.3). */
  static final byte[] UPGRADED =
      """
      HTTP/1.1 101 Switching Protocols\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
      Sec-WebSocket-Protocol: sluice.v1.json\r
      \r
      """
          .getBytes(StandardCharsets.US_ASCII);

  private static final String CHANNEL = "\"channel\":\"";

  final SocketChannel channel;

  /** Set as soon as the socket is registered, before anything else happens to it. */
  @SuppressWarnings("NullAway.Init")
  SelectionKey key;

  boolean upgraded;

  /** Empty until it has subscribed. */
  String subscription = "";

  /** The next ready frame; how far all of them together are written. */
  int nextFrame;

  int position;

  /** What a full socket did not take of a paced run. */
  ByteBuffer rest = ByteBuffer.allocate(0);

  boolean full;

  RawSocket(SocketChannel channel) {
    this.channel = channel;
  }

  /** Writes {@code bytes}, or keeps what the socket does not take. */
  void write(ByteBuffer bytes) throws IOException {
    if (!rest.hasRemaining()) {
      channel.write(bytes);
    }
    if (bytes.hasRemaining()) {
      ByteBuffer more = ByteBuffer.allocate(rest.remaining() + bytes.remaining());
      rest = more.put(rest).put(bytes).flip();
    }
  }

  /** The channel of the masked command in {@code frame} (RFC 6455 §5.3), which is whole. */
  static String channelOf(ByteBuffer frame) {
    int lengthByte = frame.get(1) & 0x7F;
    int keyAt = lengthByte == 126 ? 4 : 2;
    StringBuilder text = new StringBuilder();
    for (int i = 0; keyAt + 4 + i < frame.limit(); i++) {
      text.append((char) (frame.get(keyAt + 4 + i) ^ frame.get(keyAt + (i & 3))));
    }
    int from = text.indexOf(CHANNEL) + CHANNEL.length();
    return text.substring(from, text.indexOf("\"", from));
  }
}
