package io.sluice.bench;

import java.nio.ByteBuffer;

/** Frames of a client: whole and masked (RFC 6455 §5.2, §5.3). */
final class ClientFrames {
  private static final int PONG = 0x8A;
  private static final int MASKED = 0x80;
  private static final int SHORT = 125;

  /** Any key will do: nothing between here and the gateway could be fooled by a known one. */
  private static final byte[] KEY = {0x37, (byte) 0xFA, 0x21, 0x3D};

  private ClientFrames() {}

  /** A whole message, text or binary as its first byte says. */
  static ByteBuffer message(int firstByte, byte[] payload) {
    return frame(firstByte, payload, payload.length);
  }

  /** The answer to a ping (RFC 6455 §5.5.3). */
  static ByteBuffer pong(byte[] payload, int length) {
    return frame(PONG, payload, length);
  }

  private static ByteBuffer frame(int firstByte, byte[] payload, int length) {
    if (length > 0xFFFF) {
      throw new IllegalArgumentException("No command has " + length + " bytes.");
    }
    ByteBuffer frame = ByteBuffer.allocate(8 + length).put((byte) firstByte);
    if (length <= SHORT) {
      frame.put((byte) (MASKED | length));
    } else {
      frame.put((byte) (MASKED | 126)).putShort((short) length);
    }
    frame.put(KEY);
    for (int i = 0; i < length; i++) {
      frame.put((byte) (payload[i] ^ KEY[i & 3]));
    }
    return frame.flip();
  }
}
