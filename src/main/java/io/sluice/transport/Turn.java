package io.sluice.transport;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;

/**
 * One request's turn on its connection: exactly one of {@link #answer} and {@link #leave} ends it,
 * and what comes then does nothing. Event-loop thread only.
 */
interface Turn {
  /** The request's connection. */
  ChannelHandlerContext context();

  /** Gives the rest of the request so long to come. */
  void allow(Duration patience);

  /** Asks for the body of a client that waits to be asked (RFC 9110 §10.1.1). */
  void proceed();

  /** Answers. The connection goes on where the request is whole and neither side wants to close. */
  void answer(HttpAnswer answer);

  /**
   * HTTP is over on this connection: {@code handler} takes its place, and gets what came behind the
   * request, which must be whole.
   *
   * @return false where the turn had ended already; then nothing was done
   */
  boolean leave(ChannelHandler handler);
}
