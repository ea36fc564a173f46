package io.sluice.websocket.connection;

import static io.sluice.jmh.Samples.require;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.sluice.jmh.Samples;
import io.sluice.websocket.frame.MessageExtension;
import io.sluice.websocket.frame.Opcode;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One op makes of one text in a direct buffer, which it is handed, the buffers that would go to a
 * socket: an unmasked frame; and releases them (ns/op). Beside it Netty's encoder, called without a
 * pipeline.
 */
@State(Scope.Thread)
public class FrameEncodeBenchmark {
  /** Payload. */
  @Param({"64", "1024", "65536"})
  public int bytes;

  private final Sink sink = new Sink();
  private final Outbound outbound = new Outbound.Unmasked(ByteBufAllocator.DEFAULT, sink);
  private final Encoder encoder = new Encoder();
  private final ChannelHandlerContext context = contextOf(encoder);
  private final List<Object> encoded = new ArrayList<>(2);
  private ByteBuf text = Unpooled.EMPTY_BUFFER;

  @Setup
  public void agree() throws Exception {
    text = ByteBufAllocator.DEFAULT.directBuffer(bytes).writeBytes(Samples.ascii(bytes));
    ByteBuf ours = frame();
    nettyFrames();
    ByteBuf byNetty = Unpooled.buffer();
    encoded.forEach(part -> byNetty.writeBytes(((ByteBuf) part).duplicate()));
    require(ours.equals(byNetty), "the frame");
    require(ours.readableBytes() > bytes, "it holds the payload");
    ours.release();
    releaseEncoded();
  }

  @TearDown
  public void release() {
    text.release();
  }

  @Benchmark
  public int sluice() {
    ByteBuf frame = frame();
    int length = frame.readableBytes();
    frame.release();
    return length;
  }

  @Benchmark
  public int netty() throws Exception {
    nettyFrames();
    return releaseEncoded();
  }

  private ByteBuf frame() {
    outbound.message(Opcode.TEXT, text.retainedDuplicate(), MessageExtension.NONE);
    return sink.frame;
  }

  private void nettyFrames() throws Exception {
    WebSocketFrame frame = new TextWebSocketFrame(text.retainedDuplicate());
    encoder.encode(context, frame, encoded);
    frame.release(); // as its base class does
  }

  private int releaseEncoded() {
    int length = 0;
    for (int i = 0; i < encoded.size(); i++) {
      ByteBuf part = (ByteBuf) encoded.get(i);
      length += part.readableBytes();
      part.release();
    }
    encoded.clear();
    return length;
  }

  private static ChannelHandlerContext contextOf(Encoder encoder) {
    return new EmbeddedChannel(encoder).pipeline().context(encoder);
  }

  /** Lets itself be called. */
  private static final class Encoder extends WebSocket13FrameEncoder {
    Encoder() {
      super(false);
    }

    @Override
    protected void encode(ChannelHandlerContext context, WebSocketFrame frame, List<Object> out)
        throws Exception {
      super.encode(context, frame, out);
    }
  }

  /** Keeps the last frame. */
  private static final class Sink implements ConnectionListener {
    ByteBuf frame = Unpooled.EMPTY_BUFFER;

    @Override
    public void send(ByteBuf frame) {
      this.frame = frame;
    }

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public void onText(ByteBuf utf8) {}

    @Override
    public void onBinary(ByteBuf bytes) {}

    @Override
    public void onPing(ByteBuf payload) {}

    @Override
    public void onPong(ByteBuf payload) {}

    @Override
    public void onEnd(Ending ending) {}
  }
}
