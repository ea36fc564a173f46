package io.sluice.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a channel so that the peer gets our last words: closing while bytes of the peer are unread
 * would make TCP send a reset, and a reset overtakes what was sent before it (RFC 6455 §7.1.1, RFC
 * 9112 §9.6). Event-loop thread only.
 */
final class Departure {
  /** How long a peer may take to read our last words. */
  static final Duration LINGER = Duration.ofSeconds(1);

  private Departure() {}

  /**
   * Writes what waits, then ends our side of the stream, and reads past what still comes until the
   * peer is gone.
   */
  static void begin(ChannelHandlerContext ctx) {
    Channel channel = ctx.channel();
    if (!channel.isActive()) {
      ctx.close();
      return;
    }
    closeAfter(channel, LINGER);
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> endStream(ctx));
    channel.config().setAutoRead(true);
  }

  /** Closes {@code channel} after {@code patience}, where nobody does before. */
  static void closeAfter(Channel channel, Duration patience) {
    ScheduledFuture<?> timer =
        channel
            .eventLoop()
            .schedule(() -> channel.close(), patience.toNanos(), TimeUnit.NANOSECONDS);
    channel.closeFuture().addListener(closed -> timer.cancel(false));
  }

  private static void endStream(ChannelHandlerContext ctx) {
    boolean encrypted = ctx.pipeline().get(SslHandler.class) != null;
    if (!encrypted && ctx.channel() instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    } else {
      ctx.close(); // TLS says goodbye in its own words
    }
  }
}
