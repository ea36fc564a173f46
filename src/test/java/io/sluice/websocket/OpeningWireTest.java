package io.sluice.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.websocket.handshake.ExtensionPolicy;
import io.sluice.websocket.handshake.Handshake;
import io.sluice.websocket.handshake.OriginPolicy;
import io.sluice.websocket.handshake.RequestHeaders;
import io.sluice.websocket.handshake.SubprotocolPolicy;
import io.sluice.websocket.handshake.SubprotocolPolicy.UnknownOnly;
import io.sluice.websocket.handshake.UpgradeAnswer;
import io.sluice.websocket.handshake.UpgradeRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The wire cases of RFC 6455 §4.2: a request's head in, the response's head out. */
final class OpeningWireTest {
  private static final OriginPolicy ORIGINS = new OriginPolicy(Set.of("https://good.example"));
  private static final Handshake STRICT =
      new Handshake(
          ORIGINS,
          new SubprotocolPolicy(List.of("sluice.v1.json", "sluice.v1.cbor"), UnknownOnly.REFUSE),
          ExtensionPolicy.NONE);
  private static final Handshake LENIENT =
      new Handshake(
          ORIGINS,
          new SubprotocolPolicy(List.of("sluice.v1.raw"), UnknownOnly.SELECT_NONE),
          ExtensionPolicy.NONE);

  @TestFactory
  Stream<DynamicTest> everyRequestIsAnsweredAsWritten() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path file : WireCase.files("opening")) {
      for (String text : Files.readString(file).split("\n(?=rule:)", -1)) {
        List<String> lines =
            text.lines().filter(line -> !line.startsWith("#") && !line.isBlank()).toList();
        if (!lines.isEmpty()) {
          tests.add(DynamicTest.dynamicTest(lines.getFirst(), file.toUri(), () -> check(lines)));
        }
      }
    }
    return tests.stream();
  }

  private static void check(List<String> lines) {
    Handshake endpoint = STRICT;
    String[] requestLine = {};
    List<Map.Entry<String, String>> request = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      if (line.equals("endpoint: lenient")) {
        endpoint = LENIENT;
      } else if (line.startsWith("> ") && requestLine.length == 0) {
        requestLine = line.substring(2).split(" ", -1);
      } else if (line.startsWith("> ")) {
        String[] field = line.substring(2).split(": ?", 2);
        request.add(Map.entry(unescaped(field[0]), unescaped(field[1])));
      } else if (line.startsWith("< ")) {
        expected.add(line.substring(2));
      } else {
        throw new IllegalArgumentException("unknown line " + line);
      }
    }
    UpgradeAnswer answer =
        endpoint.answer(
            new UpgradeRequest(
                requestLine[0], requestLine[1], requestLine[2], RequestHeaders.of(request)));
    assertThat(told(answer)).isEqualTo(expected);
  }

  private static List<String> told(UpgradeAnswer answer) {
    List<String> lines = new ArrayList<>();
    lines.add(
        switch (answer) {
          case UpgradeAnswer.Accepted accepted -> "101";
          case UpgradeAnswer.Refused refused -> refused.status() + " " + refused.detail();
        });
    answer.responseHeaders().forEach(field -> lines.add(field.getKey() + ": " + field.getValue()));
    if (answer instanceof UpgradeAnswer.Accepted accepted) {
      accepted.credentials().forEach(credential -> lines.add("credential " + credential));
    }
    return lines;
  }

  /** {@code \xNN} stands for a byte, {@code \*N(text)} for a text N times. */
  private static String unescaped(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.startsWith("\\x", i)) {
        out.append((char) Integer.parseInt(text.substring(i + 2, i + 4), 16));
        i += 3;
      } else if (text.startsWith("\\*", i)) {
        int open = text.indexOf('(', i);
        int close = text.indexOf(')', open);
        int times = Integer.parseInt(text.substring(i + 2, open));
        out.repeat(text.substring(open + 1, close), times);
        i = close;
      } else {
        out.append(text.charAt(i));
      }
    }
    return out.toString();
  }
}
