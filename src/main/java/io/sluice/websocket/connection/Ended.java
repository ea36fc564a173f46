package io.sluice.websocket.connection;

import io.netty.buffer.ByteBuf;

/** Nothing is read and nothing can be sent any more: what still comes is discarded. */
public final class Ended extends ConnectionState {
  private final Ending ending;

  Ended(Ending ending) {
    this.ending = ending;
  }

  /** How it came to that. */
  public Ending ending() {
    return ending;
  }

  @Override
  boolean advance(ByteBuf in) {
    in.skipBytes(in.readableBytes());
    return false;
  }

  @Override
  void flushPong() {}

  @Override
  void streamEnded() {}

  @Override
  public String toString() {
    return ending.toString();
  }
}
