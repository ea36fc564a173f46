package io.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.testing.Broker;
import io.sluice.testing.Json;
import io.sluice.testing.Scrape;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RELIABILITY A11: what clients write, and how often, does not decide what stands in the log. */
@Timeout(120)
class HostileLogIT {
  private static final String SECRET = "S3CR3T";
  private static final String NASTY = "\u0085\u009b31m\u009dtitle\u00ad";
  private static final Pattern LINE =
      Pattern.compile("(\\d\\d:\\d\\d:\\d\\d\\.\\d{3}) (ERROR|WARN |INFO |DEBUG) \\w+ - (.*)");
  private static final Pattern READY = Pattern.compile("is ready after .*: http://[^:]+:(\\d+) ");

  @Test
  void whatAClientSaysIsOnOneLineEscapedAndCut() throws IOException {
    try (Said said = start("text")) {
      sayNastyThings(said.client());
      List<String> lines = said.untilLine("A connection ended");
      for (String line : lines) {
        Matcher parts = LINE.matcher(line);
        assertThat(parts.matches()).as(line).isTrue();
        assertThat(parts.group(3).length()).as(line).isLessThanOrEqualTo(512 + 2 * 220);
        assertThat(line.chars()).as(line).allMatch(c -> c >= ' ' && c != 0xad && !isC1(c));
      }
      assertThat(lines)
          .anySatisfy(line -> assertThat(line).contains("origin=", "\\u0085\\u009b31m\\u009dtitle"))
          .anySatisfy(line -> assertThat(line).contains("path=", "\\u0085\\u009b31m").contains("…"))
          .anySatisfy(line ->
              assertThat(line).contains("reason=\"bye\\r\\nERROR forged \\u001b[2J \\u202e"));
      assertThat(lines).noneMatch(line -> line.contains(SECRET));
    }
  }

  @Test
  void inJsonItIsAValueAndNothingElse() throws IOException {
    try (Said said = start("json")) {
      sayNastyThings(said.client());
      List<JsonNode> events =
          said.untilLine("A connection ended").stream().map(Json::read).toList();
      assertThat(events)
          .allSatisfy(event -> {
            assertThat(event.path("message").asText().length()).isLessThanOrEqualTo(512);
            assertThat(event.path("level").asText()).isNotEqualTo("ERROR");
          });
      assertThat(events.getLast().path("reason").asText())
          .isEqualTo("bye\\r\\nERROR forged \\u001b[2J \\u202e");
      assertThat(events.getLast().path("code").asInt()).isEqualTo(1000);
      assertThat(events.getLast().path("connection").asText()).isNotBlank();
      assertThat(events.toString()).doesNotContain(SECRET);
    }
  }

  @Test
  void aClientThatRepeatsItselfIsTenLinesASecondAndANumber() throws IOException {
    try (Said said = start("text")) {
      int mistakes = 60;
      for (int i = 0; i < mistakes; i++) {
        said.client().breakARule();
      }
      List<String> lines = said.untilLine("suppressed=");
      List<LocalTime> written =
          lines.stream()
              .filter(line -> line.contains(" - A client broke a rule"))
              .map(line -> LocalTime.parse(line.substring(0, 12)))
              .toList();
      assertThat(written).hasSizeGreaterThanOrEqualTo(10).hasSizeLessThan(mistakes);
      for (int i = 0; i + 10 < written.size(); i++) {
        // The limiter's clock is not the one that the lines show, which counts whole milliseconds.
        assertThat(written.get(i + 10)).isAfterOrEqualTo(written.get(i).plusNanos(990_000_000));
      }
      assertThat(lines)
          .last()
          .asString()
          .contains(" INFO  ", "More like this were left out: A client broke a rule");
      double counted =
          Scrape.of(URI.create("ws://127.0.0.1:" + said.client().port()))
              .value("sluice_log_suppressed_total");
      assertThat(counted).isGreaterThanOrEqualTo(1);
    }
  }

  private static boolean isC1(int c) {
    return c >= 0x7f && c < 0xa0;
  }

  private static void sayNastyThings(HostileClient client) {
    assertThat(
            client.ask(
                "/v1/ws",
                "Origin: http://" + NASTY + "A".repeat(3_000),
                "Sec-WebSocket-Protocol: sluice.v1.json, bearer." + SECRET))
        .startsWith("HTTP/1.1 403");
    assertThat(
            client.ask(
                "/v1/" + NASTY + "A".repeat(3_000) + "?access_token=" + SECRET,
                "Sec-WebSocket-Protocol: bearer64." + SECRET))
        .startsWith("HTTP/1.1 404");
    assertThat(
            client.ask(
                "/v1/ws?access_token=" + SECRET, "Sec-WebSocket-Protocol: a\u009bb" + SECRET))
        .startsWith("HTTP/1.1 400");
    client.closeSaying("bye\r\nERROR forged \u001b[2J \u202e");
  }

  private static Said start(String format) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            ShippedSluice.command(
                "logback.xml",
                Sluice.class,
                "-micronaut.server.port=-1",
                "-logger.levels.io.sluice=DEBUG",
                "-kafka.bootstrap.servers=" + Broker.shared().bootstrapServers()));
    builder.environment().put(LogFormat.VARIABLE, format);
    Process process = builder.redirectErrorStream(true).start();
    Said said = new Said(process, process.inputReader(UTF_8), new ArrayList<>());
    said.untilLine("is ready after");
    return said;
  }

  /** What a gateway has said so far. */
  private record Said(Process process, BufferedReader reader, List<String> lines)
      implements AutoCloseable {
    /** All lines, once there is one that contains {@code wanted}. */
    List<String> untilLine(String wanted) throws IOException {
      while (lines.isEmpty() || !lines.getLast().contains(wanted)) {
        String line = reader.readLine();
        if (line == null) {
          throw new AssertionError("The gateway ended: " + lines);
        }
        lines.add(line);
      }
      return List.copyOf(lines);
    }

    HostileClient client() {
      Matcher ready = READY.matcher(String.join("\n", lines));
      assertThat(ready.find()).as(lines.toString()).isTrue();
      return new HostileClient(Integer.parseInt(ready.group(1)));
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
