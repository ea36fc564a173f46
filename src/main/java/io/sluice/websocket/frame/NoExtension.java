package io.sluice.websocket.frame;

import io.netty.buffer.ByteBuf;

/** The absence of any extension. */
final class NoExtension implements MessageExtension {
  @Override
  public int reservedBits() {
    return 0;
  }

  @Override
  public long maxPayloadBytes(int maxMessageBytes) {
    return maxMessageBytes;
  }

  @Override
  public ProtocolViolation decode(ByteBuf piece, boolean last, ByteBuf target, int limit) {
    throw new IllegalStateException(
        "a message asked for decoding although no extension was negotiated");
  }

  @Override
  public int encode(ByteBuf message, ByteBuf target) {
    return 0;
  }

  @Override
  public void release() {}
}
