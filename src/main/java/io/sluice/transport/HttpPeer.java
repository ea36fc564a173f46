package io.sluice.transport;

import io.sluice.session.Client;
import java.util.concurrent.Executor;

/**
 * A client over plain HTTP: while its request is being answered nothing is heard of it, but that it
 * is gone. Event-loop thread only.
 */
abstract class HttpPeer extends Peer implements Client {
  final LoopConnections loop;
  final String id;
  private final Executor eventLoop;

  /**
   * @param id what it is called in logs and in {@code welcome}
   */
  HttpPeer(LoopConnections loop, String id, Executor eventLoop) {
    this.loop = loop;
    this.id = id;
    this.eventLoop = eventLoop;
  }

  @Override
  public String connection() {
    return id;
  }

  /** There is nothing to pause: nothing more is read of it as it is. */
  @Override
  public void pauseReading() {}

  @Override
  public void resumeReading() {}

  @Override
  public Executor eventLoop() {
    return eventLoop;
  }
}
