package io.sluice.filter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.filter.FieldPath.Step;
import io.sluice.filter.FieldPath.WrongPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * The scanner against a slow, obvious version: a tree made by Jackson's parser, that knows names
 * which repeat, cut path by path.
 */
class ProjectionProperties {
  private static final JsonFactory JACKSON = new JsonFactory();

  /** Names as they stand in a text, several ways for the same one. */
  private static final List<String> NAMES =
      List.of("a", "b", "\\u0061", "a.b", "ä", "\\u00E4", "\\\"", "", "\\ud83d\\ude00", "😀", "aa");

  private static final List<String> STEPS =
      List.of(
          "[\"a\"]",
          "[\"b\"]",
          "[\"a.b\"]",
          "[\"ä\"]",
          "[\"\\\"\"]",
          "[\"\"]",
          "[\"😀\"]",
          "[0]",
          "[1]",
          "[2]",
          "[*]",
          "[*]");

  private static final List<String> SCALARS =
      List.of(
          "1", "-2.50e+3", "true", "null", "\"\"", "\"}{,:[]\"", "\"\\\\\"", "\"\\\"\"", "\"ä\"");

  private static final List<String> BLANKS = List.of("", "", "", " ", "\n\t", "\r ");

  /** A value as Jackson reads it; a scalar by its token and its text. */
  private sealed interface Tree {
    record Obj(List<Member> members) implements Tree {}

    record Member(String name, Tree value) {}

    record Arr(List<Tree> elements) implements Tree {}

    record Scalar(JsonToken token, String text) implements Tree {}
  }

  @Property(tries = 4000)
  void agreesWithTheObviousVersion(@ForAll Random random) throws IOException, WrongPath {
    String json = blank(random) + value(random, 4) + blank(random);
    List<String> paths =
        IntStream.range(0, 1 + random.nextInt(6)).mapToObj(_ -> path(random)).toList();
    byte[] around = ("[" + json + "]").getBytes(UTF_8);
    ByteBuffer kept = ProjectionTest.projection(paths).of(around, 1, around.length - 1);
    String text = UTF_8.decode(kept.duplicate()).toString();

    List<List<Step>> steps = new ArrayList<>();
    for (String path : paths) {
      steps.add(FieldPath.parse(path).steps());
    }
    Tree whole = tree(json);
    Tree expected = cut(whole, steps);
    if (expected == null) {
      expected = whole instanceof Tree.Obj ? new Tree.Obj(List.of()) : new Tree.Arr(List.of());
    }
    assertThat(tree(text)).as("%s of %s", paths, json).isEqualTo(expected);
    assertThat(kept.remaining()).isLessThanOrEqualTo(json.getBytes(UTF_8).length);
    assertThat(new String(around, UTF_8)).as("the value itself").isEqualTo("[" + json + "]");
  }

  @Property(tries = 500)
  void orderOfPathsDoesNotMatter(@ForAll Random random) {
    List<String> paths =
        new ArrayList<>(
            IntStream.range(0, 1 + random.nextInt(8)).mapToObj(_ -> path(random)).toList());
    Projection one = ProjectionTest.projection(paths);
    Collections.shuffle(paths, random);
    assertThat(ProjectionTest.projection(paths)).isEqualTo(one).hasSameHashCodeAs(one);
  }

  /** What is kept of {@code tree}; null where that is nothing. */
  private static @Nullable Tree cut(Tree tree, List<List<Step>> paths) {
    if (paths.isEmpty()) {
      return null;
    }
    return switch (tree) {
      case Tree.Scalar scalar -> scalar; // the outermost: others are looked at below
      case Tree.Obj(List<Tree.Member> members) -> {
        List<Tree.Member> kept = new ArrayList<>();
        for (Tree.Member member : members) {
          Tree value = inner(member.value(), behind(new Step.Member(member.name()), paths));
          if (value != null) {
            kept.add(new Tree.Member(member.name(), value));
          }
        }
        yield kept.isEmpty() ? null : new Tree.Obj(kept);
      }
      case Tree.Arr(List<Tree> elements) -> {
        List<Tree> kept = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
          List<List<Step>> rest = behind(new Step.Element(i), paths);
          rest.addAll(behind(new Step.EveryElement(), paths));
          Tree value = inner(elements.get(i), rest);
          if (value != null) {
            kept.add(value);
          }
        }
        yield kept.isEmpty() ? null : new Tree.Arr(kept);
      }
    };
  }

  private static @Nullable Tree inner(Tree tree, List<List<Step>> paths) {
    if (paths.stream().anyMatch(List::isEmpty)) {
      return tree;
    }
    return tree instanceof Tree.Scalar ? null : cut(tree, paths);
  }

  private static List<List<Step>> behind(Step step, List<List<Step>> paths) {
    return paths.stream()
        .filter(path -> path.getFirst().equals(step))
        .map(path -> path.subList(1, path.size()))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static Tree tree(String json) throws IOException {
    try (JsonParser parser = JACKSON.createParser(json)) {
      parser.nextToken();
      Tree tree = tree(parser);
      assertThat(parser.nextToken()).as("one value in %s", json).isNull();
      return tree;
    }
  }

  private static Tree tree(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      List<Tree.Member> members = new ArrayList<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        members.add(new Tree.Member(name, tree(parser)));
      }
      return new Tree.Obj(members);
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      List<Tree> elements = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        elements.add(tree(parser));
      }
      return new Tree.Arr(elements);
    }
    return new Tree.Scalar(parser.currentToken(), parser.getText());
  }

  private static String value(Random random, int depth) {
    int kind = depth == 0 ? 0 : random.nextInt(7);
    int count = random.nextInt(4);
    return switch (kind) {
      case 0 -> one(SCALARS, random);
      case 1, 2, 3 ->
          IntStream.range(0, count)
              .mapToObj(_ ->
                  '"'
                      + one(NAMES, random)
                      + '"'
                      + blank(random)
                      + ":"
                      + blank(random)
                      + value(random, depth - 1))
              .collect(joined(random, "{", "}"));
      default ->
          IntStream.range(0, count)
              .mapToObj(_ -> value(random, depth - 1))
              .collect(joined(random, "[", "]"));
    };
  }

  private static Collector<CharSequence, ?, String> joined(
      Random random, String open, String close) {
    return Collectors.joining(
        blank(random) + "," + blank(random), open + blank(random), blank(random) + close);
  }

  private static String path(Random random) {
    return IntStream.range(0, 1 + random.nextInt(4))
        .mapToObj(_ -> one(STEPS, random))
        .collect(Collectors.joining());
  }

  private static String blank(Random random) {
    return one(BLANKS, random);
  }

  private static String one(List<String> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }
}
