package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.function.Consumer;

/** Gathers the body of one request, up to a limit, and hands it on. Event-loop thread only. */
final class BodyExchange implements Exchange {
  private final TransportCounters counters;
  private final int maxBytes;
  private final Consumer<HttpAnswer> refused;
  private final Consumer<byte[]> whole;
  private final ByteBuf body;

  /**
   * @param maxBytes a larger body is refused as soon as it is known to be one
   * @param refused takes the refusal
   * @param whole takes the body
   */
  BodyExchange(
      ByteBufAllocator alloc,
      TransportCounters counters,
      int maxBytes,
      Consumer<HttpAnswer> refused,
      Consumer<byte[]> whole) {
    this.counters = counters;
    this.maxBytes = maxBytes;
    this.refused = refused;
    this.whole = whole;
    this.body = alloc.buffer();
  }

  /** What is said of a body that is too large. */
  static HttpAnswer tooLarge(int maxBytes) {
    return HttpAnswer.problem(
        413, "A body may have at most " + maxBytes + " bytes: sluice.websocket.max-message-bytes.");
  }

  @Override
  public void onContent(ByteBuf content) {
    if (body.refCnt() == 0) {
      return;
    }
    int size = content.readableBytes();
    counters.bytesIn.add(size);
    if (body.readableBytes() + size > maxBytes) {
      drop();
      refused.accept(tooLarge(maxBytes));
    } else {
      counters.inboundBytes.add(size);
      body.writeBytes(content, content.readerIndex(), size);
    }
  }

  @Override
  public void onEnd() {
    byte[] bytes = ByteBufUtil.getBytes(body);
    drop();
    whole.accept(bytes);
  }

  @Override
  public void onGone() {
    drop();
  }

  private void drop() {
    if (body.refCnt() > 0) {
      counters.inboundBytes.add(-body.readableBytes());
      body.release();
    }
  }
}
