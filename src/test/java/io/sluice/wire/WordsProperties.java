package io.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Eight bytes at a time come to the same as one at a time. */
class WordsProperties {
  @Property(tries = 5000)
  void wordsStopWhereBytesDo(@ForAll("bytes") byte[] bytes, @ForAll byte from) {
    int start = Math.floorMod(from, bytes.length + 1);
    IntPredicate escaped = b -> b < 0x20 || b == '"' || b == '\\';
    assertThat(Words.afterAscii(bytes, start, bytes.length))
        .isEqualTo(firstThat(b -> b >= 0x80, bytes, start));
    assertThat(Words.afterPlain(bytes, start, bytes.length))
        .isEqualTo(firstThat(escaped.or(b -> b >= 0x80), bytes, start));
    assertThat(Words.afterUnescaped(bytes, start, bytes.length))
        .isEqualTo(firstThat(escaped, bytes, start));
  }

  @Property(tries = 5000)
  void utf8IsWhatTheJdkDecodes(@ForAll("bytes") byte[] bytes) {
    assertThat(Utf8.isValid(bytes, 0, bytes.length)).isEqualTo(jdkDecodes(bytes));
  }

  @Property(tries = 5000)
  void bytesBetweenQuotesAreAStringWhereTheyAreUtf8AndNeedNoEscape(@ForAll("bytes") byte[] bytes) {
    byte[] quoted = new byte[bytes.length + 2];
    quoted[0] = '"';
    System.arraycopy(bytes, 0, quoted, 1, bytes.length);
    quoted[bytes.length + 1] = '"';
    boolean plain = firstThat(b -> b < 0x20 || b == '"' || b == '\\', bytes, 0) == bytes.length;
    if (plain) {
      assertThat(JsonText.isJson(quoted, 0, quoted.length)).isEqualTo(jdkDecodes(bytes));
    } else if (firstThat(b -> b == '\\', bytes, 0) == bytes.length) {
      assertThat(JsonText.isJson(quoted, 0, quoted.length)).isFalse();
    }
  }

  /** Text for the most part, here and there a byte that is any. */
  @Provide
  Arbitrary<byte[]> bytes() {
    Arbitrary<byte[]> any = Arbitraries.bytes().array(byte[].class).ofMaxSize(2);
    Arbitrary<byte[]> text =
        Arbitraries.of(
                "abc", "\"", "\\", "\n", " !#[]", "\u007f", "ä", "€", "😀", "0123456789abcdef")
            .map(piece -> piece.getBytes(StandardCharsets.UTF_8));
    return Arbitraries.frequencyOf(Tuple.of(1, any), Tuple.of(9, text))
        .list()
        .ofMaxSize(12)
        .map(pieces -> {
          ByteBuffer joined = ByteBuffer.allocate(pieces.stream().mapToInt(p -> p.length).sum());
          pieces.forEach(joined::put);
          return joined.array();
        });
  }

  private static int firstThat(IntPredicate stops, byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length && !stops.test(bytes[at] & 0xFF)) {
      at++;
    }
    return at;
  }

  private static boolean jdkDecodes(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
