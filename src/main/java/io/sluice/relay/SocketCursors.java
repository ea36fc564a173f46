package io.sluice.relay;

/** The cursors of one socket, which take turns while it takes bytes. Event-loop thread only. */
public final class SocketCursors {
  SocketCursors() {}

  /** Subscribes; the answer comes later, on this event loop. */
  public void subscribe(SubscribeRequest request, SubscriptionListener listener) {
    throw new UnsupportedOperationException();
  }

  /** All that was handed to the outlet is written: the next in turn goes on. */
  public void onClear() {
    throw new UnsupportedOperationException();
  }

  /** The socket is gone: all its subscribers leave, without a call. */
  public void close() {
    throw new UnsupportedOperationException();
  }
}
