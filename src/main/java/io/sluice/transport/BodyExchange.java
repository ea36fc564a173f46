package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.function.Consumer;

/** Gathers the body of one request, up to a limit, and hands it on. Event-loop thread only. */
final class BodyExchange implements Exchange {
  private final ChannelRequest request;
  private final int maxBytes;
  private final Consumer<byte[]> whole;
  private final ByteBuf body;

  /**
   * @param maxBytes a larger body is refused as soon as it is known to be one
   * @param whole takes the body
   */
  BodyExchange(ChannelRequest request, int maxBytes, Consumer<byte[]> whole) {
    this.request = request;
    this.maxBytes = maxBytes;
    this.whole = whole;
    this.body = request.turn().context().alloc().buffer();
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
    request.counters().bytesIn.add(content.readableBytes());
    if (body.readableBytes() + content.readableBytes() > maxBytes) {
      body.release();
      request.refuse(tooLarge(maxBytes));
    } else {
      body.writeBytes(content, content.readerIndex(), content.readableBytes());
    }
  }

  @Override
  public void onEnd() {
    byte[] bytes = ByteBufUtil.getBytes(body);
    body.release();
    whole.accept(bytes);
  }

  @Override
  public void onGone() {
    if (body.refCnt() > 0) {
      body.release();
    }
  }
}
