package io.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPartsTest {
  @Test
  void membersHaveTheirNamesKindsAndVeryBytes() {
    assertThat(
            membersOf(
                " { \"a\" : 1 ,\n\"é\":\"x\\\"y\",\"\":{\"b\":[2, {}]},\t\"c\":[ ] , \"d\":null,"
                    + "\"e\":-1.5,\"f\":1E2,\"g\":true,\"h\":false,\"i\":-0} "))
        .containsExactly(
            "a INTEGER 1",
            "é TEXT \"x\\\"y\"",
            " OBJECT {\"b\":[2, {}]}",
            "c ARRAY [ ]",
            "d NULL null",
            "e DECIMAL -1.5",
            "f DECIMAL 1E2",
            "g OTHER true",
            "h OTHER false",
            "i INTEGER -0",
            "whole");
  }

  @Test
  void elementsStandInOrder() {
    byte[] bytes = " [1, [2],\n{\"a\":3} ] ".getBytes(StandardCharsets.UTF_8);
    assertThat(walk(JsonParts.ofArray(bytes, 0, bytes.length), bytes))
        .containsExactly(" INTEGER 1", " ARRAY [2]", " OBJECT {\"a\":3}", "whole");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", " {\n} ", "[]", "[ ]"})
  void nothingIsWholeToo(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    JsonParts parts =
        text.contains("{")
            ? JsonParts.ofObject(bytes, 0, bytes.length)
            : JsonParts.ofArray(bytes, 0, bytes.length);
    assertThat(walk(parts, bytes)).containsExactly("whole");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "1",
        "{\"a\":1",
        "{\"a\":1,}",
        "{\"a\":1,,\"b\":2}",
        "{,\"a\":1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\" 1}",
        "{\"a\":}",
        "{\"a\":01}",
        "{\"a\":1]",
        "{a:1}",
        "{\"a\":1} x",
        "{\"a\":1}{}",
        "{\"\\u0061\":1}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\u0001\"}"
      })
  void anythingElseIsLeftToTheParser(String text) {
    assertThat(membersOf(text)).doesNotContain("whole");
  }

  @Test
  void whatNoMessageCanEmbedIsLeftToTheParser() {
    assertThat(membersOf("{\"a\":" + "[".repeat(128) + "]".repeat(128) + "}")).contains("whole");
    assertThat(membersOf("{\"a\":" + "[".repeat(129) + "]".repeat(129) + "}")).isEmpty();
    assertThat(membersOf("{\"a\":" + "1".repeat(101) + "}")).isEmpty();
    assertThat(membersOf("{\"" + "n".repeat(1_000) + "\":1}")).contains("whole");
    assertThat(membersOf("{\"" + "n".repeat(1_001) + "\":1}")).isEmpty();
  }

  private static List<String> membersOf(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return walk(JsonParts.ofObject(bytes, 0, bytes.length), bytes);
  }

  /** Each part as its name, kind and bytes; last, maybe, that this was the whole. */
  private static List<String> walk(JsonParts parts, byte[] bytes) {
    List<String> seen = new ArrayList<>();
    while (parts.next()) {
      String value =
          new String(bytes, parts.from(), parts.to() - parts.from(), StandardCharsets.UTF_8);
      seen.add(parts.name() + " " + parts.kind() + " " + value);
    }
    if (parts.isWhole()) {
      seen.add("whole");
    }
    return seen;
  }
}
