package io.sluice.filter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # Members
          a                | {"a":1,"b":2}                              | {"a":1}
          b                | {"a":1,"b":2}                              | {"b":2}
          a b              | {"b":2,"a":1,"c":3}                        | {"b":2,"a":1}
          a.b              | {"a":{"b":1,"c":2},"b":3}                  | {"a":{"b":1}}
          a.b a.c          | {"a":{"d":0,"c":2,"b":1}}                  | {"a":{"c":2,"b":1}}
          a a.b            | {"a":{"b":1,"c":2}}                        | {"a":{"b":1,"c":2}}
          a.b a            | {"a":{"b":1,"c":2}}                        | {"a":{"b":1,"c":2}}
          $.a              | {"a":null}                                 | {"a":null}
          # What is not there leaves nothing behind but the outermost brackets.
          x                | {"a":1}                                    | {}
          x                | {}                                         | {}
          a.x              | {"a":{"b":1},"c":2}                        | {}
          a.x c            | {"a":{"b":1},"c":2}                        | {"c":2}
          a.x              | {"a":1}                                    | {}
          a.x              | {"a":[{"x":1}]}                            | {}
          a[0]             | {"a":{"0":1}}                              | {}
          a                | [1]                                        | []
          [0]              | {"a":1}                                    | {}
          a.b.c            | {"a":{"b":{"c":1}},"d":{"b":{"c":1}}}      | {"a":{"b":{"c":1}}}
          # Elements
          [0]              | [1,2,3]                                    | [1]
          [2] [0]          | [1,2,3]                                    | [1,3]
          [7]              | [1,2,3]                                    | []
          [*]              | [1, 2]                                     | [1,2]
          [*].a            | [{"a":1,"b":2},{"b":3},5,{"a":4}]          | [{"a":1},{"a":4}]
          a[*].b           | {"a":[{"b":1},{"c":2},{"b":3,"c":4}]}      | {"a":[{"b":1},{"b":3}]}
          a[1].b           | {"a":[{"b":1},{"b":2}]}                    | {"a":[{"b":2}]}
          a[*].b a[0].c    | {"a":[{"b":1,"c":2},{"b":3,"c":4}]}        | {"a":[{"b":1,"c":2},{"b":3}]}
          a[0].c a[*].b    | {"a":[{"b":1,"c":2},{"b":3,"c":4}]}        | {"a":[{"b":1,"c":2},{"b":3}]}
          a[0] a[*].b      | {"a":[{"b":1,"c":2},{"b":3,"c":4}]}        | {"a":[{"b":1,"c":2},{"b":3}]}
          [*][1]           | [[1,2],[3],4,[5,6,7]]                      | [[2],[6]]
          [0][0]           | [[[1]]]                                    | [[[1]]]
          # Byte for byte
          b                | {"a":[1],"b":  {"x" : [ 1.50 , -2E+3 ] }  ,"c":0} | {"b":{"x" : [ 1.50 , -2E+3 ] }}
          a.b              | { "a" : { "b" :\t1e2 } }                   | {"a":{"b":1e2}}
          a                | {"b":"}{][,\\"","a":"\\\\"}                | {"a":"\\\\"}
          # A name that repeats stays repeated, also where only one of them has what is wanted.
          a                | {"a":1,"b":0,"a":2}                        | {"a":1,"a":2}
          a.b              | {"a":{"b":1},"a":5,"a":{"b":2,"b":3}}      | {"a":{"b":1},"a":{"b":2,"b":3}}
          # Names as they are meant, however they are written
          ab               | {"\\u0061b":1,"abc":2,"b":3}               | {"\\u0061b":1}
          ["a.b"]          | {"a.b":1,"a":{"b":2}}                      | {"a.b":1}
          ["\\"\\\\"]      | {"\\"\\\\":1,"x":2}                        | {"\\"\\\\":1}
          [""]             | {"":1,"x":2}                               | {"":1}
          ä                | {"ä":1,"\\u00e4":2,"a":3}                  | {"ä":1,"\\u00e4":2}
          😀               | {"\\ud83d\\ude00":1,"😀":2}                | {"\\ud83d\\ude00":1,"😀":2}
          ["/"]            | {"\\/":1,"/":2}                            | {"\\/":1,"/":2}
          """)
  void onlyWhatIsNamedIsKept(String paths, String json, String kept) {
    assertThat(project(List.of(paths.split(" ")), json)).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", " -2.5e3 ", "\"a\"", "true", "null", "\t\"[\"\n"})
  void aScalarStaysAsItIs(String json) {
    assertThat(project(List.of("a", "[0]"), json)).isEqualTo(json);
  }

  @Test
  void onlyTheGivenStretchCounts() {
    byte[] text = "xx {\"a\":1,\"b\":2} yy".getBytes(UTF_8);
    ByteBuffer kept = projection(List.of("b")).of(text, 2, text.length - 2);
    assertThat(UTF_8.decode(kept).toString()).isEqualTo("{\"b\":2}");
  }

  @Test
  void theSamePathsInAnotherOrderAreTheSame() {
    Projection first = projection(List.of("a.b", "c[0].d", "c[*].e", "[\"f g\"]"));
    Projection second = projection(List.of("c[*].e", "$[\"f g\"]", "c[0].d", "$.a[\"b\"]", "a.b"));
    assertThat(second).isEqualTo(first).hasSameHashCodeAs(first);
    assertThat(projection(List.of("a", "a.b"))).isEqualTo(projection(List.of("a")));
    assertThat(projection(List.of("a"))).isNotEqualTo(projection(List.of("b")));
    assertThat(projection(List.of("a"))).isNotEqualTo(projection(List.of("a.b")));
    assertThat(projection(List.of("a[0]"))).isNotEqualTo(projection(List.of("a[*]")));
    assertThat(projection(List.of("a[0]"))).isNotEqualTo(projection(List.of("a[1]")));
    assertThat(projection(List.of("a[0]"))).isNotEqualTo(projection(List.of("a[\"0\"]")));
  }

  @Test
  void theFirstWrongPathIsNamed() {
    assertThat(Projection.read(List.of("a", "b[0]", "c..d", "")))
        .isInstanceOfSatisfying(
            Projection.Reading.Wrong.class,
            wrong -> {
              assertThat(wrong.index()).isEqualTo(2);
              assertThat(wrong.what()).startsWith("goes wrong at character 3.");
            });
  }

  @Test
  void pathsThatCrossEachOtherTooOftenAreRefused() {
    // [0][*]…, [*][0][*]… and so on: each number doubles the places that can be told apart.
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      paths.add("[*]".repeat(i) + "[0]" + "[*]".repeat(31 - i));
    }
    Projection.Reading reading =
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> Projection.read(paths));
    assertThat(reading)
        .isInstanceOfSatisfying(
            Projection.Reading.Wrong.class,
            wrong -> assertThat(wrong.what()).contains("cross each other too often"));
  }

  @Test
  void aSensibleCrossingIsNot() {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      paths.add(i % 2 == 0 ? "a[*].b" + i : "a[" + i + "].c" + i);
    }
    assertThat(Projection.read(paths)).isInstanceOf(Projection.Reading.Understood.class);
  }

  @Test
  void depthAndLengthCostNoMoreThanTheirBytes() {
    String deep = "[".repeat(128) + "]".repeat(128);
    assertThat(project(List.of("a"), "{\"a\":" + deep + "}")).isEqualTo("{\"a\":" + deep + "}");
    assertThat(project(List.of("b"), "{\"a\":" + deep + "}")).isEqualTo("{}");
    String wide = "{" + "\"a\":{},".repeat(300_000) + "\"b\":1}";
    String kept =
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> project(List.of("a.x", "b"), wide));
    assertThat(kept).isEqualTo("{\"b\":1}");
  }

  private static String project(List<String> paths, String json) {
    byte[] text = json.getBytes(UTF_8);
    return UTF_8.decode(projection(paths).of(text, 0, text.length)).toString();
  }

  static Projection projection(List<String> paths) {
    return switch (Projection.read(paths)) {
      case Projection.Reading.Understood(Projection projection) -> projection;
      case Projection.Reading.Wrong wrong -> throw new AssertionError(wrong);
    };
  }
}
