package io.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The validator against Jackson's parser: what one takes for JSON the other takes too. */
class JsonTextProperties {
  private static final JsonFactory JACKSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(JsonText.MAX_DEPTH).build())
          .build();

  @Property(tries = 5000)
  void agreesWithJackson(@ForAll("nearlyJson") String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(JsonText.isJson(bytes, 0, bytes.length)).as(text).isEqualTo(jacksonReads(bytes));
  }

  /** Runs of JSON's own pieces, so that about every other text is close to valid. */
  @Provide
  Arbitrary<String> nearlyJson() {
    Arbitrary<String> piece =
        Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"a\"",
            "\"\\n\"",
            "1",
            "-2.5e3",
            "0",
            "true",
            "false",
            "null",
            " ",
            "\"b\":",
            "{}",
            "[]",
            "{\"c\":[1]}",
            "é",
            "\\",
            "01",
            "\"\\u0041\"");
    Arbitrary<String> loose = piece.list().ofMaxSize(8).map(pieces -> String.join("", pieces));
    Arbitrary<String> wrapped =
        piece.list().ofMaxSize(5).map(pieces -> "[" + String.join(",", pieces) + "]");
    return Arbitraries.oneOf(loose, wrapped);
  }

  private static boolean jacksonReads(byte[] bytes) {
    try (JsonParser parser = JACKSON.createParser(bytes)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      parser.finishToken();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }
}
