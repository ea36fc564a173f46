package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.log.Gap;
import io.sluice.log.Positions;
import io.sluice.log.TopicId;
import java.util.Map;

/** A client that takes everything; by itself it looks at nothing. */
class Drain implements Outlet, SubscriptionListener {
  private final ByteBufAllocator alloc;

  Drain(ByteBufAllocator alloc) {
    this.alloc = alloc;
  }

  /** Frames came; they are valid during the call. */
  void onFrames(ByteBuf frames) {}

  @Override
  public boolean isClear() {
    return true;
  }

  @Override
  public void write(ByteBuf frames, int index, int length) {
    onFrames(frames.slice(index, length));
  }

  @Override
  public ByteBufAllocator alloc() {
    return alloc;
  }

  @Override
  public int heldBytes() {
    return 0;
  }

  @Override
  public void closeStalled(String reason) {
    throw new AssertionError(reason);
  }

  @Override
  public void closeFailed(Throwable cause) {
    throw new AssertionError(cause);
  }

  @Override
  public void onSubscribed(Subscriber self, Positions positions, Map<String, TopicId> topicIds) {}

  @Override
  public void onDuplicate(long subscription) {
    throw new AssertionError("a duplicate of " + subscription);
  }

  @Override
  public void onRefused(Refusal refusal) {
    throw new AssertionError(refusal);
  }

  @Override
  public void onLive() {}

  @Override
  public void onGap(Gap gap) {
    throw new AssertionError(gap);
  }

  @Override
  public void onScanned(Positions positions) {}

  @Override
  public void onEnded(Ending ending, Positions positions) {
    throw new AssertionError(ending);
  }
}
