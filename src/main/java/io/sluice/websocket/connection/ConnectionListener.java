package io.sluice.websocket.connection;

import io.netty.buffer.ByteBuf;

/**
 * What a conversation tells its transport. Called on the thread that called the engine, in this
 * order:
 *
 * <pre>
 * conversation = *( onText | onBinary | onPing | onPong | send ) onEnd
 * </pre>
 *
 * <p>After {@code onEnd} nothing follows. A close frame that answers the peer's, or that names its
 * mistake, is sent right before {@code onEnd}; the pong to a ping right before {@code onPing}.
 *
 * <p>Buffers of {@code on…} are borrowed: valid during the call, whoever wants them longer retains
 * or copies them. They are mostly slices of the input, so a kept one holds on to all that was
 * received with it. A buffer of {@code send} is handed over: the listener releases it.
 *
 * <p>A listener may call the engine back from any of these, also to close; it may not hand it input
 * from within.
 */
public interface ConnectionListener {
  /** A whole text message, valid UTF-8. */
  void onText(ByteBuf utf8);

  /** A whole binary message. */
  void onBinary(ByteBuf bytes);

  /**
   * A ping. Its pong was sent, or waits for {@link Connection#flushPong}. Told so that pings can be
   * counted.
   */
  void onPing(ByteBuf payload);

  /** A pong, asked for or not. */
  void onPong(ByteBuf payload);

  /** One frame for the peer, to be written in the order of the calls. Owned by the listener. */
  void send(ByteBuf frame);

  /**
   * Whether the socket takes bytes now. While it does not, pongs are held back and only the latest
   * is kept (RFC 6455 §5.5.3): a peer that pings and does not read costs one pong.
   */
  boolean isWritable();

  /**
   * The conversation is over and has freed what it held; further input is discarded. A server now
   * closes the socket, once what was sent is flushed; a client lets the server go first (§7.1.1).
   */
  void onEnd(Ending ending);
}
