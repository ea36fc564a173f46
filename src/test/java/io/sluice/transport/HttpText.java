package io.sluice.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;

/** HTTP on an embedded channel, as it is on the wire. */
final class HttpText {
  private HttpText() {}

  /** A request without a body. */
  static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  /** The peer sends {@code text}. */
  static void send(EmbeddedChannel channel, String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, US_ASCII));
  }

  /** What the peer has got since this was asked before. */
  static String heard(EmbeddedChannel channel) {
    StringBuilder all = new StringBuilder();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      all.append(out.toString(US_ASCII));
      out.release();
    }
    return all.toString();
  }
}
