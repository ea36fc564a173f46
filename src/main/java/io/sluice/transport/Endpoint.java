package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import java.time.Duration;

/**
 * What stands behind a WebSocket. Called on the connection's event loop, in this order:
 *
 * <pre>
 * endpoint = onOpen *( onText | onBinary | onClear | onAvailability | onDrain ) onGone
 * </pre>
 */
interface Endpoint {
  /** The upgrade is done: messages may be sent. */
  void onOpen();

  /** A whole text message; the buffer is borrowed. */
  void onText(ByteBuf utf8);

  /** A whole binary message; the buffer is borrowed. */
  void onBinary(ByteBuf bytes);

  /** The socket, which had not taken all bytes at once, has taken them now. */
  void onClear();

  /** Kafka cannot be reached, or can be again. */
  void onAvailability(boolean available);

  /**
   * This instance is going away; the peer should be back, elsewhere, after {@code reconnectAfter}.
   */
  void onDrain(Duration reconnectAfter);

  /** Whether something that the peer asked for has not been answered yet. */
  boolean isBusy();

  /** The conversation is over: nothing can be sent any more. */
  void onGone();

  /** Makes the endpoint of a new connection. */
  @FunctionalInterface
  interface Factory {
    /** The endpoint of {@code socket}; nothing may be sent before {@link #onOpen}. */
    Endpoint create(WebSocketConnection socket);
  }
}
