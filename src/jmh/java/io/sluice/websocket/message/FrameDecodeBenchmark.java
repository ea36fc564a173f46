package io.sluice.websocket.message;

import static io.sluice.jmh.Samples.require;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.sluice.jmh.NettyParts;
import io.sluice.jmh.Samples;
import io.sluice.websocket.frame.FrameReader;
import io.sluice.websocket.frame.FrameWriter;
import io.sluice.websocket.frame.Masking;
import io.sluice.websocket.frame.MessageExtension;
import io.sluice.websocket.frame.Opcode;
import io.sluice.websocket.frame.ProtocolViolation;
import io.sluice.websocket.frame.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One op makes one binary message of one masked frame that lies whole in a direct buffer, unmasks
 * it, and releases it (ns/op). Beside it Netty's decoder, called without a pipeline; it copies the
 * payload, ours hands out a slice of the input.
 */
@State(Scope.Thread)
public class FrameDecodeBenchmark {
  private static final int LIMIT = 1 << 20;
  private static final int KEY = 0x37FA213D;

  /** Payload. */
  @Param({"64", "1024", "65536"})
  public int bytes;

  private final FrameReader frames = new FrameReader(Role.SERVER, 0, LIMIT);
  private final MessageReader messages =
      new MessageReader(LIMIT, MessageExtension.NONE, ByteBufAllocator.DEFAULT);
  private final Decoder decoder = new Decoder();
  private final ChannelHandlerContext context = contextOf(decoder);
  private final List<Object> decoded = new ArrayList<>(1);
  private ByteBuf in = Unpooled.EMPTY_BUFFER;

  @Setup
  public void agree() throws Exception {
    in = ByteBufAllocator.DEFAULT.directBuffer();
    FrameWriter.writeMaskedHeader(in, Opcode.BINARY, true, 0, bytes, KEY);
    int payloadIndex = in.writerIndex();
    in.writeBytes(Samples.ascii(bytes));
    Masking.apply(in, payloadIndex, bytes, KEY);
    ByteBuf byNetty = nettyMessage(); // first: ours unmasks the input
    ByteBuf ours = message();
    require(byNetty.equals(ours), "the message");
    require(ByteBufUtil.getBytes(ours).length == bytes, "its length");
    require(ours.getByte(0) == 'T', "it is unmasked");
    byNetty.release();
    ours.release();
  }

  @TearDown
  public void release() {
    in.release();
  }

  @Benchmark
  public int sluice() {
    ByteBuf message = message();
    int length = message.readableBytes();
    message.release();
    return length;
  }

  @Benchmark
  public int netty() throws Exception {
    ByteBuf message = nettyMessage();
    int length = message.readableBytes();
    message.release();
    return length;
  }

  private ByteBuf message() {
    in.readerIndex(0);
    while (true) {
      switch (frames.next(in)) {
        case OPENED ->
            judge(messages.opened(frames.opcode(), frames.isFinal(), frames.reservedBits()));
        case HEADER -> judge(messages.announced(frames.payloadBytes()));
        case PAYLOAD -> {
          judge(messages.piece(in, frames.pieceIndex(), frames.pieceBytes(), frames.isLastPiece()));
          if (messages.isComplete()) {
            return messages.takeMessage();
          }
        }
        case VIOLATION -> judge(frames.violation());
        case MORE -> throw new IllegalStateException("the frame is not whole");
      }
    }
  }

  private static void judge(@Nullable ProtocolViolation violation) {
    if (violation != null) {
      throw new IllegalStateException(violation.toString());
    }
  }

  private ByteBuf nettyMessage() throws Exception {
    in.readerIndex(0);
    decoded.clear();
    decoder.decode(context, in, decoded);
    return ((WebSocketFrame) decoded.getFirst()).content();
  }

  private static ChannelHandlerContext contextOf(Decoder decoder) {
    return new EmbeddedChannel(decoder).pipeline().context(decoder);
  }

  /** Lets itself be called. */
  private static final class Decoder extends WebSocket13FrameDecoder {
    Decoder() {
      super(NettyParts.decoderConfig());
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
        throws Exception {
      super.decode(context, in, out);
    }
  }
}
