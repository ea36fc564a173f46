package io.sluice.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Asks for an event stream, and makes of its blocks the messages that a WebSocket would have
 * brought, so that a {@link SwarmMember} can read either.
 */
final class EventFrames extends ByteToMessageDecoder {
  private static final byte[] OPENING =
      "{\"type\":\"records\",\"subscription\":0,\"records\":[".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CLOSING = "]}".getBytes(StandardCharsets.US_ASCII);

  private final URI uri;
  private boolean inHead = true;
  private boolean accepted;
  private boolean named;

  EventFrames(URI uri) {
    this.uri = uri;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.writeAndFlush(
        Unpooled.copiedBuffer(
            "GET %s?%s HTTP/1.1\r\nHost: %s\r\nAccept: text/event-stream\r\n\r\n"
                .formatted(uri.getRawPath(), uri.getRawQuery(), uri.getAuthority()),
            StandardCharsets.US_ASCII));
    ctx.fireChannelActive();
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
    if (end < 0) {
      return;
    }
    ByteBuf line = in.readSlice(end - in.readerIndex());
    in.skipBytes(1);
    if (!accepted) {
      accepted = startsWith(line, "HTTP/1.1 200 ");
      if (!accepted) {
        throw new IllegalStateException("refused: " + line.toString(StandardCharsets.US_ASCII));
      }
    } else if (inHead) {
      inHead = line.readableBytes() > 1;
    } else if (line.readableBytes() == 0) {
      named = false;
    } else if (startsWith(line, "event: ")) {
      named = true;
    } else if (startsWith(line, "data: ")) {
      ByteBuf data = line.skipBytes("data: ".length());
      out.add(
          new TextWebSocketFrame(
              named
                  ? Unpooled.copiedBuffer(data)
                  : Unpooled.copiedBuffer(
                      Unpooled.wrappedBuffer(OPENING), data, Unpooled.wrappedBuffer(CLOSING))));
    }
  }

  private static boolean startsWith(ByteBuf line, String text) {
    return line.readableBytes() >= text.length()
        && line.toString(line.readerIndex(), text.length(), StandardCharsets.US_ASCII).equals(text);
  }
}
