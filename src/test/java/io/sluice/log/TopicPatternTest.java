package io.sluice.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicPatternTest {
  private static boolean matches(String pattern, String name) {
    return TopicPattern.of(pattern).matches(name);
  }

  @Test
  void aStarStandsForAnythingWithinOnePart() {
    assertThat(matches("orders.*", "orders.eu")).isTrue();
    assertThat(matches("orders.*", "orders.")).isTrue();
    assertThat(matches("orders.*", "orders")).isFalse();
    assertThat(matches("orders.*", "orders.eu.north")).isFalse();
    assertThat(matches("*.eu", "orders.eu")).isTrue();
    assertThat(matches("*.eu", "a.b.eu")).isFalse();
    assertThat(matches("or*s", "ors")).isTrue();
    assertThat(matches("or*s", "orders")).isTrue();
    assertThat(matches("or*s", "or.s")).isFalse();
    assertThat(matches("*", "orders")).isTrue();
    assertThat(matches("*", "orders.eu")).isFalse();
  }

  @Test
  void twoStarsStandForAnythingAcrossParts() {
    assertThat(matches("orders.**", "orders.eu.north")).isTrue();
    assertThat(matches("orders.**", "orders")).isFalse();
    assertThat(matches("**", "a.b.c")).isTrue();
    assertThat(matches("**.north", "orders.eu.north")).isTrue();
    assertThat(matches("a**z", "az")).isTrue();
    assertThat(matches("a**z", "a.b.z")).isTrue();
    assertThat(matches("a**z", "a.b.zz.y")).isFalse();
  }

  @Test
  void bothKindsTakeTurns() {
    assertThat(matches("**.a*.c", "x.y.abc.c")).isTrue();
    assertThat(matches("**.a*.c", "x.a.b.c")).isFalse();
    assertThat(matches("*.a**c", "x.a.b.c")).isTrue();
    assertThat(matches("*.a**c", "x.y.a.c")).isFalse();
  }

  @Test
  void aPatternWithoutStarsIsOneName() {
    assertThat(matches("orders", "orders")).isTrue();
    assertThat(matches("orders", "orders2")).isFalse();
    assertThat(matches("orders", "order")).isFalse();
  }

  @Test
  void aPatternOfTheLargestLengthIsMatchedToItsEnd() {
    String long60 = "abcdefghij".repeat(6);
    String pattern = long60 + "*" + long60 + "**" + long60 + "*" + long60;
    assertThat(pattern).hasSizeLessThan(TopicPattern.MAX_LENGTH);
    assertThat(matches(pattern, long60 + "-" + long60 + ".x." + long60 + long60)).isTrue();
    assertThat(matches(pattern, long60 + "." + long60 + ".x." + long60 + long60)).isFalse();
    assertThat(matches(pattern, long60 + long60 + long60 + long60 + "x")).isFalse();
    assertThat(matches("a".repeat(249), "a".repeat(249))).isTrue();
    assertThat(matches("a".repeat(249), "a".repeat(248))).isFalse();
    assertThat(matches("*" + "a".repeat(63), "b" + "a".repeat(63))).isTrue();
    assertThat(matches("a".repeat(63) + "*", "a".repeat(63))).isTrue();
    assertThat(matches("a".repeat(63) + "*b", "a".repeat(63) + "b")).isTrue();
  }

  @Test
  void whatIsNoPatternIsRefusedWithTheReason() {
    assertThat(TopicPattern.fault("")).contains("at least one");
    assertThat(TopicPattern.fault("*".repeat(10_000))).contains("at most 249");
    assertThat(TopicPattern.fault("(a+)+$")).contains("letters");
    assertThat(TopicPattern.fault("orders.\u0430*")).contains("ASCII");
    assertThat(TopicPattern.fault("a***")).contains("in a row");
    assertThat(TopicPattern.fault("**.**.**")).isNull();
    assertThatThrownBy(() -> TopicPattern.of("a b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("letters");
  }

  @Test
  void nameCharactersOutsideOfThePatternNeverMatchALiteral() {
    assertThat(matches("a*", "a\u0430\u4e00")).isTrue();
    assertThat(matches("a", "\u0430")).isFalse();
  }

  /** A7: no pattern makes ten thousand topics expensive. */
  @Test
  void tenThousandTopicsAreMatchedInLessThanTenMilliseconds() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      names.add("market.prices.eu-" + "a".repeat(i % 20) + "." + i);
    }
    for (String pattern :
        List.of(
            "**.".repeat(83),
            "*a".repeat(124) + "b",
            "**a".repeat(82) + "b",
            "market.prices.*.*",
            "**")) {
      TopicPattern compiled = TopicPattern.of(pattern);
      assertThat(fastest(compiled, names)).describedAs(pattern).isLessThan(Duration.ofMillis(10));
    }
  }

  /** Of several rounds, so that neither the compiler nor a busy machine is what is measured. */
  private static Duration fastest(TopicPattern pattern, List<String> names) {
    long fastest = Long.MAX_VALUE;
    long found = 0;
    for (int round = 0; round < 30; round++) {
      long start = System.nanoTime();
      for (String name : names) {
        found += pattern.matches(name) ? 1 : 0;
      }
      fastest = Math.min(fastest, System.nanoTime() - start);
    }
    assertThat(found).isGreaterThanOrEqualTo(0);
    return Duration.ofNanos(fastest);
  }
}
