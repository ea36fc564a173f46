package io.sluice.transport;

import io.netty.buffer.ByteBufAllocator;
import io.sluice.relay.Outlet;

/** An outlet before another one, which differs from it in what is written. */
abstract class OutletFilter implements Outlet {
  final Outlet outlet;

  OutletFilter(Outlet outlet) {
    this.outlet = outlet;
  }

  @Override
  public boolean isClear() {
    return outlet.isClear();
  }

  @Override
  public ByteBufAllocator alloc() {
    return outlet.alloc();
  }

  @Override
  public int heldBytes() {
    return outlet.heldBytes();
  }

  @Override
  public void closeStalled(String reason) {
    outlet.closeStalled(reason);
  }

  @Override
  public void closeFailed(Throwable cause) {
    outlet.closeFailed(cause);
  }
}
