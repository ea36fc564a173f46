package io.sluice.websocket.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** The check agrees with the JDK's decoder, at every cut (RELIABILITY F9). */
final class Utf8CheckProperties {
  @Example
  void everyCodePointIsJudgedAsTheJdkDoes() {
    for (int point = 0; point <= 0x10_FFFF; point++) {
      if (point < 0xD800 || point > 0xDFFF) {
        byte[] bytes = Character.toString(point).getBytes(StandardCharsets.UTF_8);
        if (!isLegal(bytes, bytes.length)) {
          throw new AssertionError("U+" + Integer.toHexString(point));
        }
      }
    }
  }

  @Example
  void everySequenceOfThreeBytesIsJudgedAsTheJdkDoes() {
    byte[] bytes = new byte[3];
    for (int i = 0; i < 1 << 24; i += i < 0x80_0000 ? 257 : 1) {
      bytes[0] = (byte) (i >> 16);
      bytes[1] = (byte) (i >> 8);
      bytes[2] = (byte) i;
      // Every pair behind a lead byte would be 8 million JDK decodings: only where ours says yes,
      // and a sample of the rest.
      if ((isLegal(bytes, 3) || i % 101 == 0) && isLegal(bytes, 3) != jdkAccepts(bytes)) {
        throw new AssertionError(Integer.toHexString(i));
      }
    }
  }

  /** Whole characters are passed by the word: all that a first and a second byte can be. */
  @Example
  void everyPairOfBytesBeforeOthersIsJudgedAsTheJdkDoes() {
    byte[][] rests = {
      {'a', 'b', 'c', 'd'},
      {(byte) 0x80, 'b', 'c', 'd'},
      {(byte) 0xBF, (byte) 0x80, 'c', 'd'},
      {(byte) 0xBF, (byte) 0xC0, 'c', 'd'},
      {(byte) 0x80, (byte) 0xBF, (byte) 0x80, 'd'}
    };
    for (int pair = 0; pair < 1 << 16; pair++) {
      for (byte[] rest : rests) {
        byte[] bytes = {
          (byte) (pair >> 8), (byte) pair, rest[0], rest[1], rest[2], rest[3], 'e', 'f', 'g', 'h'
        };
        if (isLegal(bytes, bytes.length) != jdkAccepts(bytes)) {
          throw new AssertionError(Integer.toHexString(pair) + " before " + Arrays.toString(rest));
        }
      }
    }
  }

  @Property(tries = 2000)
  void anyBytesAtAnyCutAreJudgedAsTheJdkDoes(@ForAll @Size(max = 12) byte[] bytes) {
    for (int cut = 0; cut <= bytes.length; cut++) {
      assertThat(isLegal(bytes, cut)).isEqualTo(jdkAccepts(bytes));
    }
  }

  @Property(tries = 2000)
  void textWithOneChangedByteIsJudgedAsTheJdkDoes(@ForAll String text, @ForAll long seed) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Random random = new Random(seed);
    if (bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    assertThat(isLegal(bytes, random.nextInt(bytes.length + 1))).isEqualTo(jdkAccepts(bytes));
  }

  private static boolean isLegal(byte[] bytes, int cut) {
    Utf8Check check = new Utf8Check();
    ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
    return check.accepts(buffer, 0, cut)
        && check.accepts(buffer, cut, bytes.length - cut)
        && check.isComplete();
  }

  private static boolean jdkAccepts(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
