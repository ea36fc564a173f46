package io.sluice.websocket.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The fast way masks as the slow, obvious one does. */
final class MaskingProperties {
  @Property(tries = 500)
  void wordsMaskAsOctetsDo(
      @ForAll @Size(max = 100) byte[] payload,
      @ForAll int key,
      @ForAll @IntRange(max = 100) int cut,
      @ForAll @IntRange(max = 9) int offset) {
    int first = Math.min(cut, payload.length);
    ByteBuf buffer = Unpooled.buffer().writeZero(offset).writeBytes(payload);
    int turned = Masking.apply(buffer, offset, first, key);
    Masking.apply(buffer, offset + first, payload.length - first, turned);
    byte[] masked = new byte[payload.length];
    buffer.getBytes(offset, masked);
    assertThat(masked).isEqualTo(octetByOctet(payload, key));
  }

  /** RFC 6455 §5.3, word for word. */
  private static byte[] octetByOctet(byte[] original, int key) {
    byte[] octets = {(byte) (key >> 24), (byte) (key >> 16), (byte) (key >> 8), (byte) key};
    byte[] transformed = new byte[original.length];
    for (int i = 0; i < original.length; i++) {
      int j = i % 4;
      transformed[i] = (byte) (original[i] ^ octets[j]);
    }
    return transformed;
  }
}
