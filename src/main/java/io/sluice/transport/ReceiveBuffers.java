package io.sluice.transport;

import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * How much is read from a socket at once. All sockets of an event loop, which reads one after the
 * other, share one handle: one of its own, with its guess at what comes next, would be 144 bytes of
 * every idle socket. One per event loop; its thread only.
 */
@SuppressWarnings("deprecation") // that Netty hides its handles one day is no news of today
final class ReceiveBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
  /** Holds some fifty publishes; it is taken for the time of one read only. */
  private static final int BYTES = 16 * 1024;

  /** The codec of HTTP holds what it read until a line is whole, however slowly that comes. */
  private static final int BYTES_OF_HTTP = 2 * 1024;

  /** Then other sockets have their turn; as Netty has it for TCP. */
  private static final int READS_IN_A_ROW = 16;

  private final Handle handle = new Shared();

  ReceiveBuffers() {
    super(READS_IN_A_ROW);
  }

  @Override
  public Handle newHandle() {
    return handle;
  }

  private final class Shared extends MaxMessageHandle {
    private int bytes = BYTES_OF_HTTP;

    /** Before each round of reads of a socket, which is read by request as long as it is HTTP's. */
    @Override
    public void reset(ChannelConfig config) {
      super.reset(config);
      bytes = config.isAutoRead() ? BYTES : BYTES_OF_HTTP;
    }

    @Override
    public int guess() {
      return bytes;
    }
  }
}
