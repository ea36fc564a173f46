package io.sluice.websocket.frame;

import io.netty.buffer.ByteBuf;

/** Masks and unmasks payload: one XOR does both (RFC 6455 §5.3). */
public final class Masking {
  private Masking() {}

  /**
   * XORs {@code length} bytes of {@code buffer} from {@code index} on with {@code key}, in place.
   * The buffer must be writable and big endian; its indices do not move.
   *
   * @param key the four key octets, the next one to use in the highest byte
   * @return the key turned so that the octet for the next byte is the highest: masking can go on
   *     with any cut
   */
  public static int apply(ByteBuf buffer, int index, int length, int key) {
    int end = index + length;
    int i = index;
    if (key != 0) {
      long wide = ((long) key << 32) | (key & 0xFFFF_FFFFL);
      for (int last = end - Long.BYTES; i <= last; i += Long.BYTES) {
        buffer.setLong(i, buffer.getLong(i) ^ wide);
      }
      for (int shift = 24; i < end; i++, shift = (shift - 8) & 31) {
        buffer.setByte(i, buffer.getByte(i) ^ (key >>> shift));
      }
    }
    return Integer.rotateLeft(key, (length & 3) << 3);
  }
}
