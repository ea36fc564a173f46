package io.sluice.websocket.connection;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * What Netty's own decoder makes of a client's bytes, in the words of {@code Recorder}.
 *
 * <p>Netty hands out frames; fragments are joined here, and here the size of all fragments is held
 * to the limit, which Netty leaves to an aggregator.
 */
final class NettyOracle {
  private final List<String> events = new ArrayList<>();
  private final int limit;
  private final EmbeddedChannel channel;
  private boolean ended;

  NettyOracle(int limit) {
    this.limit = limit;
    WebSocketDecoderConfig config =
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(limit)
            .expectMaskedFrames(true)
            .allowMaskMismatch(false)
            .allowExtensions(false)
            .closeOnProtocolViolation(false)
            .build();
    this.channel =
        new EmbeddedChannel(
            new WebSocket13FrameDecoder(config),
            new MessageLimit(),
            new Utf8FrameValidator(false),
            new Teller());
    // Heap buffers are not followed by the leak detector, whose notes on each access would take
    // minutes here.
    channel.config().setAllocator(new UnpooledByteBufAllocator(false));
  }

  List<String> read(List<byte[]> pieces) {
    for (byte[] piece : pieces) {
      channel.writeInbound(Unpooled.copiedBuffer(piece));
    }
    channel.finishAndReleaseAll();
    return events;
  }

  /** The limit on the sum of the fragments, before their text is looked at. */
  private final class MessageLimit extends ChannelInboundHandlerAdapter {
    private long bytes;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      WebSocketFrame frame = (WebSocketFrame) message;
      boolean starts = frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame;
      if (starts || frame instanceof ContinuationWebSocketFrame) {
        bytes = (starts ? 0 : bytes) + frame.content().readableBytes();
        if (bytes > limit) {
          frame.release();
          throw new CorruptedWebSocketFrameException(
              WebSocketCloseStatus.MESSAGE_TOO_BIG, "sum of fragments", null);
        }
      }
      context.fireChannelRead(frame);
    }
  }

  private final class Teller extends SimpleChannelInboundHandler<WebSocketFrame> {
    private final CompositeByteBuf joined = Unpooled.compositeBuffer(10_000);
    private String kind = "";

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
      if (ended) {
        return;
      }
      switch (frame) {
        case PingWebSocketFrame ping -> events.add("ping " + ByteBufUtil.hexDump(ping.content()));
        case PongWebSocketFrame pong -> events.add("pong " + ByteBufUtil.hexDump(pong.content()));
        case CloseWebSocketFrame close -> {
          ended = true;
          int code = close.statusCode() < 0 ? 1005 : close.statusCode();
          events.add(("closed " + code + " " + close.reasonText()).strip());
        }
        case TextWebSocketFrame text -> data("text ", text);
        case BinaryWebSocketFrame binary -> data("binary ", binary);
        default -> data(kind, frame);
      }
    }

    private void data(String of, WebSocketFrame frame) {
      kind = of;
      joined.addComponent(true, frame.content().retain());
      if (frame.isFinalFragment()) {
        events.add(kind + ByteBufUtil.hexDump(joined));
        joined.removeComponents(0, joined.numComponents());
        joined.setIndex(0, 0);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (!ended && cause instanceof CorruptedWebSocketFrameException corrupted) {
        ended = true;
        events.add("failed " + corrupted.closeStatus().code());
      } else if (!ended) {
        throw new AssertionError(cause);
      }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      joined.release();
    }
  }
}
