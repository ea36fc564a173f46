package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.sluice.relay.Outlet;
import java.util.function.Consumer;

/**
 * Puts behind each run of records where the client stands then, in one write for both. Event-loop
 * thread only.
 */
final class EventOutlet extends OutletFilter {
  private final Consumer<ByteBuf> place;

  /**
   * @param place writes where the client stands at that moment
   */
  EventOutlet(Outlet outlet, Consumer<ByteBuf> place) {
    super(outlet);
    this.place = place;
  }

  @Override
  public void write(ByteBuf blocks, int index, int length) {
    ByteBuf behind = alloc().directBuffer();
    place.accept(behind);
    ByteBuf both =
        alloc()
            .compositeDirectBuffer(2)
            .addComponents(true, blocks.retainedSlice(index, length), behind);
    try {
      outlet.write(both, both.readerIndex(), both.readableBytes());
    } finally {
      both.release();
    }
  }
}
