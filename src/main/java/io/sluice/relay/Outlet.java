package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Where the bytes of one socket leave. Event-loop thread only. */
public interface Outlet {
  /** True while nothing that was handed over earlier still waits in user space. */
  boolean isClear();

  /**
   * Writes and flushes {@code length} bytes of {@code frames} from {@code index} on: one or more
   * whole frames. The caller keeps its reference. What the socket does not take at once is copied,
   * so that nothing holds on to {@code frames}; afterwards {@link #isClear} may be false, and then
   * {@link SocketCursors#onClear} is called once when it is true again, whoever wrote what it
   * waited for (never from within this call). A call may close the socket.
   */
  void write(ByteBuf frames, int index, int length);

  /** Where buffers for this socket come from. */
  ByteBufAllocator alloc();

  /** Bytes of this socket that wait in user space. */
  int heldBytes();

  /**
   * Memory is short and this socket has stood longest: closes it (4408). {@code reason} names the
   * limit.
   */
  void closeStalled(String reason);

  /**
   * Something of ours failed while it was served, and nobody knows what its client has heard:
   * closes it (1011), and says why in the log.
   */
  void closeFailed(Throwable cause);
}
