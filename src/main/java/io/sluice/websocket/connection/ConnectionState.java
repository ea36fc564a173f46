package io.sluice.websocket.connection;

import io.netty.buffer.ByteBuf;

/**
 * Where a conversation stands, with the moves that are legal from there (RFC 6455 §7).
 *
 * <pre>
 *          close()             peer's close
 *   Open ----------> CloseSent ------------> Ended
 *     |                  | peer's mistake, end of stream
 *     |                  +---------------------^
 *     +------ peer's close, mistake, fail(), end of stream
 * </pre>
 */
public abstract sealed class ConnectionState permits Open, CloseSent, Ended {
  /** Reads one step further; false when the input is used up. The state may have been replaced. */
  abstract boolean advance(ByteBuf in);

  /** The socket takes bytes again. */
  abstract void flushPong();

  /** The peer's bytes have ended. */
  abstract void streamEnded();
}
