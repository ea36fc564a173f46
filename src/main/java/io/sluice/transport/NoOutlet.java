package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.relay.Outlet;

/** The outlet of a client that subscribes to nothing. Stateless: any thread. */
final class NoOutlet implements Outlet {
  static final NoOutlet NONE = new NoOutlet();

  private NoOutlet() {}

  @Override
  public boolean isClear() {
    return false;
  }

  @Override
  public void write(ByteBuf frames, int index, int length) {}

  @Override
  public ByteBufAllocator alloc() {
    return ByteBufAllocator.DEFAULT;
  }

  @Override
  public int heldBytes() {
    return 0;
  }

  @Override
  public void closeStalled(String reason) {}

  @Override
  public void closeFailed(Throwable cause) {}
}
