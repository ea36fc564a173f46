package io.sluice.transport;

import io.netty.buffer.ByteBuf;

/**
 * One request that a {@link Route} has taken over. Called on the event loop of its connection, in
 * this order, until it is answered:
 *
 * <pre>
 * exchange = *onContent ( onEnd [ onGone ] | onGone )
 * </pre>
 */
interface Exchange {
  /** A piece of the body; the buffer is borrowed. */
  void onContent(ByteBuf content);

  /** The request is whole. */
  void onEnd();

  /**
   * Nothing more comes of it that could be answered: the connection is gone or was too slow, or
   * what followed is no body. Whatever is held for the request is let go.
   */
  void onGone();

  /** Of a request that was answered as soon as its head was there. */
  static Exchange over() {
    return atEnd(() -> {});
  }

  /** Passes over the body and does {@code action} behind it. */
  static Exchange atEnd(Runnable action) {
    return new Exchange() {
      @Override
      public void onContent(ByteBuf content) {}

      @Override
      public void onEnd() {
        action.run();
      }

      @Override
      public void onGone() {}
    };
  }
}
