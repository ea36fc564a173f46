package io.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process whose settings are wrong ends with 1 and says one sentence. */
class RefusedStartIT {
  @TempDir private Path folder;

  @Test
  void aWrongArgumentEndsTheProcess() throws Exception {
    assertRefused(
        Map.of(),
        "sluice.websocket.heartbeat is \"abc\"; it must be a time, such as 500ms, 20s or 2m.",
        "-sluice.websocket.heartbeat=abc");
  }

  @Test
  void anUnknownVariableEndsTheProcess() throws Exception {
    assertRefused(
        Map.of("SLUICE_RELAY_WINDOW_BYTE", "1"),
        "SLUICE_RELAY_WINDOW_BYTE is not a setting of Sluice; did you mean SLUICE_RELAY_WINDOW_BYTES?");
  }

  @Test
  void anUnknownNameInAFileEndsTheProcess() throws Exception {
    Path file = folder.resolve("application.yml");
    Files.writeString(file, "sluice:\n  relay:\n    lingers: 5s\n");
    assertRefused(
        Map.of("MICRONAUT_CONFIG_FILES", file.toString()),
        "sluice.relay.lingers is not a setting of Sluice; did you mean sluice.relay.linger?");
  }

  private static void assertRefused(
      Map<String, String> variables, String sentence, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Sluice.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(variables);
    Process process = builder.start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(said).isTrue();
      assertThat(said.lines().filter(line -> line.contains("Sluice cannot start")).toList())
          .as(said)
          .singleElement()
          .asString()
          .endsWith("Sluice cannot start: " + sentence);
      assertThat(said).doesNotContain("\tat ");
      assertThat(process.exitValue()).isEqualTo(1);
    } finally {
      process.destroyForcibly();
    }
  }
}
