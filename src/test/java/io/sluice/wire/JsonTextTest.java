package io.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1.5",
        "-1e5",
        "1E+2",
        "\"\"",
        "\"a\"",
        " {} ",
        "\n[1 , 2]\t",
        "{\"a\":{\"b\":[1,{\"c\":null}]},\"d\":\"\\u00e4\\n\\/\"}",
        "\"\\ud83d\\ude00\"",
        "\"ä€😀\"",
        "[[],{},[{}]]",
        "{\"a\":1,\"a\":2}",
        "[false,true,null]"
      })
  void wellFormedTextIsJson(String text) {
    assertThat(isJson(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "[1,]",
        "[,1]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "1e+",
        "-",
        "--1",
        "0x1",
        "NaN",
        "Infinity",
        "tru",
        "truee",
        "nul",
        "nulll",
        "fals",
        "falsy",
        "\"",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\t\"",
        "1 2",
        "{}{}",
        "[1 2]",
        "\"a\" \"b\"",
        "\uFEFF{}",
        "// c\n1",
        "[1]]",
        "{\"a\":1}}",
        "{\"a\" 1}",
        "[}",
        "{]"
      })
  void malformedTextIsNotJson(String text) {
    assertThat(isJson(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\ud800\"",
        "\"\\ud800x\"",
        "\"\\ud83d\\n\""
      })
  void escapeOfALoneSurrogateIsNotJson(String text) {
    assertThat(isJson(text)).isFalse();
  }

  @Test
  void depthIsLimitedTo128() {
    assertThat(isJson("[".repeat(128) + "]".repeat(128))).isTrue();
    assertThat(isJson("[".repeat(129) + "]".repeat(129))).isFalse();
    assertThat(isJson("{\"a\":".repeat(128) + "1" + "}".repeat(128))).isTrue();
    assertThat(isJson("{\"a\":".repeat(129) + "1" + "}".repeat(129))).isFalse();
    assertThat(isJson("[{\"a\":".repeat(64) + "1" + "}]".repeat(64))).isTrue();
    assertThat(isJson("[{\"a\":".repeat(64) + "1" + "]}".repeat(64))).isFalse();
  }

  @Test
  void numberIsLimitedTo100Characters() {
    assertThat(isJson("1".repeat(100))).isTrue();
    assertThat(isJson("1".repeat(101))).isFalse();
    assertThat(isJson("[0." + "1".repeat(99) + "]")).isFalse();
  }

  @Test
  void bytesThatAreNotUtf8AreNotJson() {
    int[][] wrong = {
      {0x80},
      {0xc0, 0xaf},
      {0xc2},
      {0xe0, 0x80, 0x80},
      {0xed, 0xa0, 0x80},
      {0xf0, 0x80, 0x80, 0x80},
      {0xf4, 0x90, 0x80, 0x80},
      {0xf5, 0x80, 0x80, 0x80},
      {0xff},
      {0xe2, 0x82}
    };
    for (int[] sequence : wrong) {
      byte[] text = new byte[sequence.length + 2];
      text[0] = '"';
      text[text.length - 1] = '"';
      for (int i = 0; i < sequence.length; i++) {
        text[i + 1] = (byte) sequence[i];
      }
      assertThat(JsonText.isJson(text, 0, text.length)).isFalse();
      assertThat(Utf8.isValid(text, 0, text.length)).isFalse();
    }
  }

  @Test
  void onlyTheGivenStretchCounts() {
    byte[] text = "xx{\"a\":1}yy".getBytes(StandardCharsets.UTF_8);
    assertThat(JsonText.isJson(text, 2, text.length - 2)).isTrue();
    assertThat(JsonText.isJson(text, 0, text.length)).isFalse();
  }

  private static boolean isJson(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return JsonText.isJson(bytes, 0, bytes.length);
  }
}
