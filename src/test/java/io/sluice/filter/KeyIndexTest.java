package io.sluice.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.RecordKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeyIndexTest {
  private final KeyIndex<String> index = new KeyIndex<>();

  private static ByteBuffer bytes(String key) {
    return ByteBuffer.wrap(("xx" + key + "yy").getBytes(StandardCharsets.UTF_8), 2, key.length());
  }

  @Test
  void aKeyIsFoundWhereverItsBytesLie() {
    index.add(RecordKey.of("a"), "one");
    index.add(RecordKey.of("b"), "two");
    ByteBuffer direct = ByteBuffer.allocateDirect(1).put((byte) 'a').flip();
    assertThat(index.of(bytes("a"))).containsExactly("one");
    assertThat(index.of(direct)).containsExactly("one");
    assertThat(direct.remaining()).isEqualTo(1);
    assertThat(index.of(bytes("ab"))).isEmpty();
    assertThat(index.of(bytes(""))).isEmpty();
    assertThat(index.of((ByteBuffer) null)).isEmpty();
  }

  @Test
  void severalOfOneKeyKeepTheirOrderAndLeaveOneByOne() {
    RecordKey key = RecordKey.of("a");
    index.add(key, "one");
    index.add(key, "two");
    assertThat(index.of(key)).containsExactly("one", "two");
    index.remove(key, "one");
    index.remove(key, "three");
    assertThat(index.of(key)).containsExactly("two");
    assertThat(index.isEmpty()).isFalse();
    index.remove(key, "two");
    assertThat(index.isEmpty()).isTrue();
    assertThat(index.values()).isEmpty();
  }

  /** Twenty bits of "Aa" or "BB", which have the same hash. */
  @Test
  void keysThatSomebodyChoseToHaveOneHashAreFoundAllTheSame() {
    int keys = 1 << 14;
    for (int i = 0; i < keys; i++) {
      index.add(RecordKey.of(colliding(i)), "" + i);
    }
    long start = System.nanoTime();
    for (int i = 0; i < keys; i++) {
      assertThat(index.of(bytes(colliding(i))).getFirst()).isEqualTo("" + i);
    }
    // One after the other would be a hundred million comparisons.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
  }

  private static String colliding(int bits) {
    StringBuilder key = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      key.append((bits >> i & 1) == 0 ? "Aa" : "BB");
    }
    return key.toString();
  }
}
