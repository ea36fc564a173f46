package io.sluice.websocket.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.websocket.frame.MessageExtension;
import io.sluice.websocket.frame.Role;
import java.util.function.IntSupplier;

/**
 * One WebSocket conversation after its handshake: takes the peer's bytes, tells its {@link
 * ConnectionListener} what they mean and what to send. Pings and close frames are answered by
 * itself.
 *
 * <p>Belongs to one thread. Holds no buffer while no message is half received.
 */
public final class Connection {
  private final Exchange exchange;
  private ConnectionState state;

  private Connection(
      int maxMessageBytes,
      MessageExtension extension,
      ByteBufAllocator allocator,
      Outbound outbound,
      ConnectionListener listener,
      Role role) {
    this.exchange =
        new Exchange(this, role, maxMessageBytes, extension, allocator, outbound, listener);
    this.state = new Open(exchange);
  }

  /**
   * The server's side, right after its 101.
   *
   * @param maxMessageBytes payload of a message from the peer, at most, after any decoding; more
   *     ends it with 1009
   * @param extension what was negotiated, or {@link MessageExtension#NONE}; released when the
   *     conversation ends
   */
  public static Connection server(
      int maxMessageBytes,
      MessageExtension extension,
      ByteBufAllocator allocator,
      ConnectionListener listener) {
    Outbound outbound = new Outbound.Unmasked(allocator, listener);
    return new Connection(maxMessageBytes, extension, allocator, outbound, listener, Role.SERVER);
  }

  /**
   * The client's side, right after the server's 101.
   *
   * @param maskKeys one key per frame; unpredictable wherever a proxy may stand between (RFC 6455
   *     §5.3, §10.3)
   */
  public static Connection client(
      int maxMessageBytes,
      MessageExtension extension,
      ByteBufAllocator allocator,
      ConnectionListener listener,
      IntSupplier maskKeys) {
    Outbound outbound = new Outbound.Masked(allocator, listener, maskKeys);
    return new Connection(maxMessageBytes, extension, allocator, outbound, listener, Role.CLIENT);
  }

  /**
   * Takes bytes from the peer, cut in any way, and uses all of them up.
   *
   * @param in borrowed: the caller releases it. Must be writable and is overwritten (payload is
   *     unmasked where it lies); its memory must not be used again while a listener may still hold
   *     a slice of it
   */
  public void receive(ByteBuf in) {
    boolean more = true;
    while (more) {
      more = state.advance(in);
    }
  }

  /** The peer's bytes have ended, or the transport gave the socket up. */
  public void streamEnded() {
    state.streamEnded();
  }

  /** The socket takes bytes again: sends the pong that waited, if one did. */
  public void flushPong() {
    state.flushPong();
  }

  /** Where the conversation stands; its moves are there. */
  public ConnectionState state() {
    return state;
  }

  /**
   * Whether a frame or a message has begun and not ended: only then is a silent peer late with
   * something.
   */
  public boolean isInsideMessage() {
    return exchange.frames.isInsideFrame() || exchange.messages.isInsideMessage();
  }

  /** Bytes of half-received messages that are held now. */
  public int bufferedBytes() {
    return exchange.messages.bufferedBytes();
  }

  void become(ConnectionState next) {
    state = next;
  }
}
