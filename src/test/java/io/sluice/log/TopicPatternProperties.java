package io.sluice.log;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TopicPatternProperties {
  @Property(tries = 20_000)
  void thePatternMatchesWhatTheSlowObviousOneMatches(
      @ForAll("patterns") String pattern, @ForAll("names") String name) {
    assertThat(TopicPattern.of(pattern).matches(name))
        .describedAs("%s against %s", pattern, name)
        .isEqualTo(obviously(pattern, name));
  }

  /** The same with 64 characters and more before it, so that places lie in several words. */
  @Property(tries = 5_000)
  void soItDoesBehindManyCharacters(
      @ForAll("patterns") String pattern, @ForAll("names") String name) {
    String before = "abcdefghijklmnopqrstuvwxyz-0123456789_ABCDEFGHIJKLMNOPQRSTUVWX".substring(2);
    assertThat(TopicPattern.of(before + pattern).matches(before + name))
        .isEqualTo(obviously(pattern, name));
  }

  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.of("a", "b", ".", "*", "**", "ab", "a.")
        .list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .map(parts -> String.join("", parts))
        .filter(text -> !text.contains("***"));
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of('a', 'b', '.')
        .list()
        .ofMaxSize(10)
        .map(chars -> {
          StringBuilder name = new StringBuilder();
          chars.forEach(name::append);
          return name.toString();
        });
  }

  private static boolean obviously(String pattern, String name) {
    if (pattern.isEmpty()) {
      return name.isEmpty();
    }
    if (pattern.startsWith("**")) {
      return obviously(pattern.substring(2), name)
          || !name.isEmpty() && obviously(pattern, name.substring(1));
    }
    if (pattern.startsWith("*")) {
      return obviously(pattern.substring(1), name)
          || !name.isEmpty() && name.charAt(0) != '.' && obviously(pattern, name.substring(1));
    }
    return !name.isEmpty()
        && name.charAt(0) == pattern.charAt(0)
        && obviously(pattern.substring(1), name.substring(1));
  }
}
