package io.sluice.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The tree finds what a slow search by regular expressions finds, and two templates overlap exactly
 * where some name is one of both.
 */
class NameTreeProperties {
  @Property(tries = 2_000)
  void theTreeFindsWhatMatches(
      @ForAll("templates") List<String> templates, @ForAll("names") List<String> names) {
    List<NameTemplate> distinct = new ArrayList<>();
    for (String text : templates) {
      NameTemplate template = NameTemplate.parse(text);
      if (distinct.stream().noneMatch(template::overlaps)) {
        distinct.add(template);
      }
    }
    NameTree<NameTemplate> tree = new NameTree<>();
    distinct.forEach(template -> tree.add(template, template));
    for (String name : names) {
      List<NameTemplate> matching = distinct.stream().filter(it -> matches(it, name)).toList();
      assertThat(matching).as("templates of %s", name).hasSizeLessThan(2);
      assertThat(tree.find(name)).isSameAs(matching.isEmpty() ? null : matching.getFirst());
      matching.forEach(
          it -> assertThat(Template.parse(it.toString()).fill(it.values(name))).isEqualTo(name));
    }
  }

  /** Names of up to four characters are enough for a witness of templates this small. */
  @Property(tries = 2_000)
  void twoTemplatesThatANameMatchesBothOverlap(
      @ForAll("template") String one,
      @ForAll("template") String other,
      @ForAll("name") String name) {
    NameTemplate first = NameTemplate.parse(one);
    NameTemplate second = NameTemplate.parse(other);
    assertThat(first.overlaps(second)).isEqualTo(second.overlaps(first));
    assertThat(first.overlaps(first)).isTrue();
    if (matches(first, name) && matches(second, name)) {
      assertThat(first.overlaps(second)).as("%s and %s by %s", one, other, name).isTrue();
    }
  }

  private static boolean matches(NameTemplate template, String name) {
    String regex = template.toString().replace(".", "\\.").replaceAll("\\{x\\d}", "[a-zA-Z0-9_-]+");
    return Pattern.matches(regex, name);
  }

  @Provide
  Arbitrary<List<String>> templates() {
    return template().list().ofMaxSize(12);
  }

  @Provide
  Arbitrary<List<String>> names() {
    return name().list().ofSize(20);
  }

  @Provide
  Arbitrary<String> name() {
    return Arbitraries.strings().withChars("ab-/.").ofMaxLength(5);
  }

  /** Up to three segments of few letters, so that many are alike. */
  @Provide
  Arbitrary<String> template() {
    Arbitrary<String> literal = Arbitraries.strings().withChars("ab").ofMaxLength(2);
    Arbitrary<String> segment =
        net.jqwik.api.Combinators.combine(literal, Arbitraries.of(true, false), literal)
            .as((before, variable, after) ->
                variable
                    ? before + "{x}" + after
                    : before.isEmpty() ? "a" + after : before + after);
    return segment
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .flatMap(
            segments -> Arbitraries.of("/", ".").map(separator -> numbered(segments, separator)));
  }

  private static String numbered(List<String> segments, String separator) {
    List<String> numbered = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      numbered.add(segments.get(i).replace("{x}", "{x" + i + "}"));
    }
    return String.join(separator, numbered);
  }
}
