package io.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The shipped log configuration, in the output of a start that is refused. */
class LogFormatIT {
  private static final String SENTENCE =
      "Sluice cannot start: sluice.nothing is not a setting of Sluice; docs/configuration.md lists those that there are.";

  @Test
  void jsonIsOneObjectALine() throws Exception {
    List<String> lines = said("json");
    assertThat(lines).hasSize(1);
    JsonNode line = new ObjectMapper().readTree(lines.getFirst());
    assertThat(line.path("level").asText()).isEqualTo("ERROR");
    assertThat(line.path("formattedMessage").asText()).isEqualTo(SENTENCE);
    assertThat(line.path("timestamp").isIntegralNumber()).isTrue();
    assertThat(line.path("loggerName").asText()).isEqualTo(Sluice.class.getName());
  }

  @Test
  void textIsOneSentenceALine() throws Exception {
    assertThat(said("text"))
        .singleElement()
        .asString()
        .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ERROR Sluice - .*")
        .endsWith(SENTENCE);
  }

  @Test
  void anyOtherFormEndsTheProcessWithASentence() throws Exception {
    assertThat(said("xml"))
        .contains("Sluice cannot start: SLUICE_LOG_FORMAT is \"xml\"; it must be text or json.");
  }

  private static List<String> said(String format) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dlogback.configurationFile=logback.xml",
            "-cp",
            System.getProperty("java.class.path"),
            Sluice.class.getName(),
            "-sluice.nothing=1");
    builder.environment().put(LogFormat.VARIABLE, format);
    Process process = builder.redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(said).isTrue();
      assertThat(process.exitValue()).as(said).isEqualTo(1);
      return said.lines().toList();
    } finally {
      process.destroyForcibly();
    }
  }
}
