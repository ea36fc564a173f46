package io.sluice.websocket.frame;

import static io.sluice.jmh.Samples.require;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.WebSocket08FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.sluice.jmh.NettyParts;
import io.sluice.jmh.Samples;
import java.lang.invoke.MethodHandle;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One op unmasks one payload where it lies, in a direct buffer (ns/op). Beside it what Netty's
 * decoder does, without the decoder.
 */
@State(Scope.Thread)
public class MaskingBenchmark {
  private static final int KEY = 0x37FA213D;
  private static final MethodHandle UNMASK = NettyParts.unmask(ByteBuf.class);
  private static final MethodHandle MASK_KEY = NettyParts.maskKey();

  /** Payload. */
  @Param({"64", "1024", "65536"})
  public int bytes;

  private final WebSocket08FrameDecoder decoder =
      new WebSocket13FrameDecoder(NettyParts.decoderConfig());
  private ByteBuf payload = Unpooled.EMPTY_BUFFER;

  @Setup
  public void agree() throws Throwable {
    MASK_KEY.invokeExact(decoder, KEY);
    payload = ByteBufAllocator.DEFAULT.directBuffer(bytes).writeBytes(Samples.ascii(bytes));
    ByteBuf byNetty = payload.copy();
    netty(byNetty);
    sluice();
    require(payload.equals(byNetty), "what is masked");
    require(payload.getByte(5) == (byte) (Samples.ascii(bytes)[5] ^ 0xFA), "it is masked");
    byNetty.release();
  }

  @TearDown
  public void release() {
    payload.release();
  }

  @Benchmark
  public int sluice() {
    return Masking.apply(payload, 0, bytes, KEY);
  }

  @Benchmark
  public ByteBuf netty() throws Throwable {
    return netty(payload);
  }

  private ByteBuf netty(ByteBuf buffer) throws Throwable {
    UNMASK.invokeExact(decoder, buffer);
    return buffer;
  }
}
