package io.sluice.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.protocol.CloseCode;
import io.sluice.protocol.Event;
import io.sluice.relay.Outlet;
import io.sluice.relay.WireFormat;
import io.sluice.testing.ManualExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** A client that keeps what it is told; its event loop runs when the test says so. */
final class RecordingClient implements Client, Outlet {
  final List<Event> told = new ArrayList<>();
  final ManualExecutor loop = new ManualExecutor();
  WireFormat format = WireFormat.JSON;

  @Override
  public String connection() {
    return "test-1";
  }

  @Override
  public void send(Event event) {
    told.add(event);
  }

  /** The last that it was told. */
  Event last() {
    return told.getLast();
  }

  @Override
  public void close(CloseCode code, String reason) {
    throw new AssertionError("Closed with " + code + ": " + reason);
  }

  @Override
  public void pauseReading() {}

  @Override
  public void resumeReading() {}

  @Override
  public WireFormat format() {
    return format;
  }

  @Override
  public Outlet outlet() {
    return this;
  }

  @Override
  public Executor eventLoop() {
    return loop;
  }

  @Override
  public boolean isClear() {
    return true;
  }

  @Override
  public void write(ByteBuf frames, int index, int length) {}

  @Override
  public ByteBufAllocator alloc() {
    return UnpooledByteBufAllocator.DEFAULT;
  }

  @Override
  public int heldBytes() {
    return 0;
  }

  @Override
  public void closeStalled(String reason) {
    throw new AssertionError("Closed as stalled: " + reason);
  }

  @Override
  public void closeFailed(Throwable cause) {
    throw new AssertionError("Closed because of our own failure", cause);
  }
}
