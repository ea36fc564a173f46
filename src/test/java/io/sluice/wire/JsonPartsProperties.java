package io.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** The walk in one pass against Jackson's parser, which reads whatever the walk leaves. */
class JsonPartsProperties {
  private static final JsonFactory JACKSON = new JsonFactory();

  @Property(tries = 5000)
  void whatIsWalkedOverTheParserSeesInTheSameWay(@ForAll("nearlyObjects") String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<String> walked = new ArrayList<>();
    JsonParts members = JsonParts.ofObject(bytes, 0, bytes.length);
    while (members.next()) {
      walked.add(
          members.name()
              + "="
              + new String(
                  bytes, members.from(), members.to() - members.from(), StandardCharsets.UTF_8));
    }
    List<String> parsed = new ArrayList<>();
    boolean valid = parse(bytes, parsed);
    Statistics.collect(members.isWhole());
    if (members.isWhole()) {
      assertThat(valid).as(text).isTrue();
      assertThat(walked).as(text).isEqualTo(parsed);
    } else {
      assertThat(parsed.subList(0, walked.size())).as(text).isEqualTo(walked);
      assertThat(valid && !text.contains("\\")).as("left though it is everyday: " + text).isFalse();
    }
  }

  @Provide
  Arbitrary<String> nearlyObjects() {
    Arbitrary<String> name = Arbitraries.of("\"a\"", "\"b\" ", " \"é\"", "\"\"", "\"\\n\"", "a");
    Arbitrary<String> value =
        Arbitraries.of(
            "1",
            " -2.5e3 ",
            "0",
            "true",
            "null ",
            "\"x\"",
            "\"\\\"\"",
            "{}",
            "[ ]",
            "[1,{\"c\":2}]",
            "{\"d\":[]}",
            "\"é\"",
            "01",
            "]",
            "",
            "1 2");
    Arbitrary<String> member =
        Combinators.combine(name, Arbitraries.of(":", " : ", ":", ""), value)
            .as((n, colon, v) -> n + colon + v);
    return Combinators.combine(
            Arbitraries.of("{", " { ", "{", "["),
            member.list().ofMaxSize(4),
            Arbitraries.of(",", " , ", ","),
            Arbitraries.of("}", " }\n", "}", "", "} x"))
        .as((open, members, comma, close) -> open + String.join(comma, members) + close);
  }

  /** The members as far as they can be read; whether the text is one object. */
  private static boolean parse(byte[] bytes, List<String> members) {
    try (JsonParser parser = JACKSON.createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        int to = (int) parser.currentLocation().getByteOffset();
        members.add(name + "=" + new String(bytes, from, to - from, StandardCharsets.UTF_8));
      }
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }
}
