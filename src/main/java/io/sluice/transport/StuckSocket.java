package io.sluice.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Sees whether a socket takes bytes, by looking at the head of what waits for it. Event-loop thread
 * only.
 */
final class StuckSocket {
  private final Channel channel;

  /** What stood first when it was looked at last; null where nothing waited. */
  private @Nullable Object head;

  private long progress;

  StuckSocket(Channel channel) {
    this.channel = channel;
  }

  /** Whether bytes wait, and none of them was taken since this was asked before. */
  boolean isStuck() {
    ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
    Object first = outbound == null ? null : outbound.current();
    long taken = outbound == null || first == null ? 0 : outbound.currentProgress();
    boolean stuck = first != null && first == head && taken == progress;
    head = first;
    progress = taken;
    return stuck;
  }
}
