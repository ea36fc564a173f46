package io.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.testing.Broker;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shipped log configuration, in the output of starts. */
@Timeout(120)
class LogFormatIT {
  private static final String SENTENCE =
      "Sluice cannot start: sluice.nothing is not a setting of Sluice; docs/configuration.md lists those that there are.";

  @Test
  void jsonIsOneObjectALine() throws Exception {
    List<String> lines = refusal("json");
    assertThat(lines).hasSize(1);
    JsonNode line = new ObjectMapper().readTree(lines.getFirst());
    assertThat(line.path("level").asText()).isEqualTo("ERROR");
    assertThat(line.path("message").asText()).isEqualTo(SENTENCE);
    assertThat(Instant.parse(line.path("timestamp").asText())).isBeforeOrEqualTo(Instant.now());
    assertThat(line.path("logger").asText()).isEqualTo(Sluice.class.getName());
    assertThat(line.path("thread").asText()).isEqualTo("main");
  }

  @Test
  void textIsOneSentenceALine() throws Exception {
    assertThat(refusal("text"))
        .singleElement()
        .asString()
        .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ERROR Sluice - .*")
        .endsWith(SENTENCE);
  }

  @Test
  void anyOtherFormEndsTheProcessWithASentence() throws Exception {
    assertThat(refusal("xml"))
        .contains("Sluice cannot start: SLUICE_LOG_FORMAT is \"xml\"; it must be text or json.");
  }

  @Test
  void aStartIsAFewLinesForPeople() throws Exception {
    List<String> lines = start("text");
    assertThat(lines).hasSizeBetween(5, 8);
    assertThat(lines)
        .allSatisfy(
            line -> assertThat(line).matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  Sluice - .*"));
    assertThat(lines)
        .anySatisfy(line -> assertThat(line).contains("Kafka ").endsWith(", which answers"))
        .anySatisfy(line -> assertThat(line).contains("clients  ws://").endsWith("/v1/ws"))
        .anySatisfy(line -> assertThat(line).contains("on       /v1/echo"))
        .anySatisfy(line -> assertThat(line).contains("limits   heap 256 MiB; windows 128 MiB"));
  }

  @Test
  void aStartIsOneEventWithKeysForPrograms() throws Exception {
    List<String> lines = start("json");
    assertThat(lines).hasSize(1);
    JsonNode line = new ObjectMapper().readTree(lines.getFirst());
    assertThat(line.path("message").asText()).startsWith("Sluice is ready after ");
    assertThat(line.path("page").asText()).startsWith("http://");
    assertThat(line.path("clients").asText()).startsWith("ws://").endsWith("/v1/ws");
    assertThat(line.path("kafka").asText()).isEqualTo(Broker.shared().bootstrapServers());
    assertThat(line.path("kafkaAnswered").asBoolean()).isTrue();
    assertThat(line.path("enabled").asText()).isEqualTo("/v1/echo");
    assertThat(line.path("limits").asText()).contains("windows 128 MiB");
    assertThat(line.path("version").asText()).isNotBlank();
    assertThat(line.path("millis").isIntegralNumber()).isTrue();
  }

  /** All that a start says which is refused. */
  private static List<String> refusal(String format) throws IOException, InterruptedException {
    Process process = begin(format, "-sluice.nothing=1");
    try {
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(said).isTrue();
      assertThat(process.exitValue()).as(said).isEqualTo(1);
      return said.lines().toList();
    } finally {
      process.destroyForcibly();
    }
  }

  /** What a start says up to being ready. */
  private static List<String> start(String format) throws IOException {
    Process process =
        begin(
            format,
            "-micronaut.server.port=-1",
            "-sluice.websocket.echo-enabled=true",
            "-kafka.bootstrap.servers=" + Broker.shared().bootstrapServers());
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      List<String> said = new ArrayList<>();
      String line = lines.readLine();
      while (line != null) {
        said.add(line);
        line = line.contains("is ready after") ? null : lines.readLine();
      }
      assertThat(said).last().asString().contains("is ready after");
      return said;
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process begin(String format, String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(ShippedSluice.command("logback.xml", Sluice.class, arguments));
    builder.environment().put(LogFormat.VARIABLE, format);
    return builder.redirectErrorStream(true).start();
  }
}
