package io.sluice.transport;

import io.netty.channel.FixedRecvByteBufAllocator;

/**
 * How much is read from a socket at once. All sockets of an event loop, which reads one after the
 * other, share one handle: one of its own, with its guess at what comes next, would be 144 bytes of
 * every idle socket. One per event loop; its thread only.
 */
@SuppressWarnings("deprecation") // that Netty hides its handles one day is no news of today
final class ReceiveBuffers extends FixedRecvByteBufAllocator {
  /** Holds some fifty publishes; it is taken for the time of one read only. */
  private static final int BYTES = 16 * 1024;

  /** Then other sockets have their turn; as Netty has it for TCP. */
  private static final int READS_IN_A_ROW = 16;

  private final Handle handle;

  ReceiveBuffers() {
    super(BYTES);
    maxMessagesPerRead(READS_IN_A_ROW);
    handle = super.newHandle();
  }

  @Override
  public Handle newHandle() {
    return handle;
  }
}
