package io.sluice.relay;

/** The part of the relay that one event loop owns. That thread only. */
public final class LoopRelay {
  LoopRelay() {}

  /**
   * A socket is there.
   *
   * @param outlet where its bytes leave
   * @param owner with whom it shares its turns at replay: the principal
   */
  public SocketCursors open(Outlet outlet, String owner) {
    throw new UnsupportedOperationException();
  }
}
