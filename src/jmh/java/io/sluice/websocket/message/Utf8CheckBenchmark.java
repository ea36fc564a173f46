package io.sluice.websocket.message;

import static io.sluice.jmh.Samples.require;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.CorruptedFrameException;
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
 * One op looks at one whole text message, in a direct buffer (ns/op). Beside it the validator
 * within Netty's {@code Utf8FrameValidator}.
 */
@State(Scope.Thread)
public class Utf8CheckBenchmark {
  private static final MethodHandle CHECK = NettyParts.check(ByteBuf.class);
  private static final MethodHandle FINISH = NettyParts.finish();

  /** Payload. */
  @Param({"64", "1024", "65536"})
  public int bytes;

  /** What it is made of. */
  @Param({"ascii", "mixed"})
  public String content = "";

  private final Object validator = NettyParts.validator();
  private final Utf8Check check = new Utf8Check();
  private ByteBuf text = Unpooled.EMPTY_BUFFER;

  @Setup
  public void agree() throws Throwable {
    byte[] payload = content.equals("ascii") ? Samples.ascii(bytes) : Samples.mixed(bytes);
    text = ByteBufAllocator.DEFAULT.directBuffer(bytes).writeBytes(payload);
    require(sluice() && netty(), "UTF-8");
    int last = bytes - 1;
    text.setByte(last, 0xC3); // the first byte of two
    require(!sluice() && !isAcceptedByNetty(), "half a character");
    text.setByte(last, payload[last]);
    require(sluice() && netty(), "UTF-8 again");
  }

  @TearDown
  public void release() {
    text.release();
  }

  @Benchmark
  public boolean sluice() {
    check.reset();
    return check.accepts(text, 0, bytes) && check.isComplete();
  }

  @Benchmark
  public boolean netty() throws Throwable {
    CHECK.invokeExact(validator, text);
    FINISH.invokeExact(validator);
    return true;
  }

  private boolean isAcceptedByNetty() throws Throwable {
    try {
      return netty();
    } catch (CorruptedFrameException e) {
      return false;
    }
  }
}
