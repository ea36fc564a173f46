package io.sluice.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.filter.FieldPath.Step;
import io.sluice.filter.FieldPath.WrongPath;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldPathTest {
  private static final Step A = new Step.Member("a");
  private static final Step EVERY = new Step.EveryElement();

  @Test
  void namesAreSeparatedByDots() throws WrongPath {
    assertThat(steps("customer.name"))
        .containsExactly(new Step.Member("customer"), new Step.Member("name"));
    assertThat(steps("a")).containsExactly(A);
    assertThat(steps("größe.order-no.$ref.0.a/b:c@d"))
        .extracting(step -> ((Step.Member) step).name())
        .containsExactly("größe", "order-no", "$ref", "0", "a/b:c@d");
  }

  @Test
  void bracketsHoldIndexesNamesAndAllElements() throws WrongPath {
    assertThat(steps("a[0][*].a[123456789]"))
        .containsExactly(A, new Step.Element(0), EVERY, A, new Step.Element(123_456_789));
    assertThat(steps("[*]")).containsExactly(EVERY);
    assertThat(steps("[\"a\"].a[\"a\"]")).containsExactly(A, A, A);
    assertThat(steps("[\"a.b\"][\"[0]\"][\"*\"][\"\"][\" \"]"))
        .extracting(step -> ((Step.Member) step).name())
        .containsExactly("a.b", "[0]", "*", "", " ");
    assertThat(steps("[\"\\\"\\\\\"]")).containsExactly(new Step.Member("\"\\"));
  }

  @Test
  void aLeadingDollarIsTheValueItself() throws WrongPath {
    assertThat(steps("$.a")).isEqualTo(steps("a"));
    assertThat(steps("$[0].a")).isEqualTo(steps("[0].a"));
    assertThat(steps("$.$.a")).containsExactly(new Step.Member("$"), A);
    assertThat(steps("$a")).containsExactly(new Step.Member("$a"));
    assertThat(steps("$")).containsExactly(new Step.Member("$"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``          | 1
          .           | 1
          .a          | 1
          a.          | 3
          a..b        | 3
          $.          | 3
          $..a        | 3
          a b         | 2
          a.[0]       | 3
          a[          | 3
          a[]         | 3
          a[0         | 4
          a[0]b       | 5
          a[0].       | 6
          a[-1]       | 3
          a[01]       | 3
          a[0x1]      | 4
          a[1:2]      | 4
          a[9999999999] | 3
          a[**]       | 4
          a[b]        | 3
          a['b']      | 3
          a["b]       | 6
          a["b"       | 6
          a["b"x]     | 6
          a["\\n"]    | 5
          a["b\\      | 6
          a.*         | 3
          *           | 1
          a]          | 2
          a"b         | 2
          a\\b        | 2
          a.b?(@)[    | 9
          """)
  void whatIsNoPathIsRefusedWhereItGoesWrong(String text, int character) {
    assertThat(wrong(text.replace("\\\\", "\\")))
        .startsWith("goes wrong at character " + character + ".")
        .contains("such as items[*].price");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000", "a\tb", "\u00a0", "a\u2028b"})
  void blanksAndControlsNeedQuotes(String text) throws WrongPath {
    assertThat(wrong(text)).contains("goes wrong");
    assertThat(steps("[\"" + text + "\"]")).containsExactly(new Step.Member(text));
  }

  @Test
  void halfACharacterIsNoName() {
    assertThat(wrong("a\ud800")).contains("lone surrogate");
    assertThat(wrong("[\"\udc00\"]")).contains("lone surrogate");
  }

  @Test
  void aPathHasLimits() throws WrongPath {
    assertThat(steps("x".repeat(256))).hasSize(1);
    assertThat(wrong("x".repeat(257))).isEqualTo("must have at most 256 characters.");
    assertThat(steps("a" + ".a".repeat(31))).hasSize(32);
    assertThat(wrong("a" + ".a".repeat(32))).isEqualTo("must have at most 32 steps.");
  }

  private static List<Step> steps(String text) throws WrongPath {
    return FieldPath.parse(text).steps();
  }

  private static String wrong(String text) {
    return Assertions.catchThrowableOfType(WrongPath.class, () -> FieldPath.parse(text)).what();
  }
}
