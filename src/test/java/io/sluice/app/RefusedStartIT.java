package io.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(strings = {"file", "environment", "argument"})
  void aSettingOfKafkaThatSluiceOwnsEndsTheProcessWhereverItStands(String where) throws Exception {
    Path file = folder.resolve("application.yml");
    Files.writeString(file, "kafka:\n  group.id: mine\n");
    assertRefused(
        switch (where) {
          case "file" -> Map.of("MICRONAUT_CONFIG_FILES", file.toString());
          case "environment" -> Map.of("KAFKA_GROUP_ID", "mine");
          default -> Map.of();
        },
        "kafka.group.id cannot be set: Sluice owns it, because a broadcast reader has no group, and groups"
            + " are named by subscriptions.",
        where.equals("argument") ? new String[] {"-kafka.group.id=mine"} : new String[0]);
  }

  @Test
  void channelsThatOverlapEndTheProcess() throws Exception {
    Path file = folder.resolve("application.yml");
    Files.writeString(
        file,
        """
        sluice.channels:
          prices: {name: "prices/{symbol}", topics: market.prices, key: "{symbol}"}
          all: {name: prices/all, topics: market.prices}
        """);
    assertRefused(
        Map.of("MICRONAUT_CONFIG_FILES", file.toString()),
        "sluice.channels.all.name (\"prices/all\") and sluice.channels.prices.name (\"prices/{symbol}\")"
            + " can match the same name; literal text must tell them apart, as in a/{x} and b/{x}.");
  }

  @Test
  void aPortThatIsTakenIsNamedWithItsSetting() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertRefused(
          Map.of(
              "MICRONAUT_SERVER_PORT", Integer.toString(taken.getLocalPort()),
              "MICRONAUT_SERVER_HOST", "127.0.0.1",
              "KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1"),
          "port "
              + taken.getLocalPort()
              + " of 127.0.0.1 is taken; set MICRONAUT_SERVER_PORT (micronaut.server.port) to a free one, or"
              + " to -1 for any.");
    }
  }

  @Test
  void anAddressOfAnotherMachineIsNamedWithItsSetting() throws Exception {
    assertRefused(
        Map.of(
            "MICRONAUT_SERVER_HOST", "192.0.2.1", // of no machine (RFC 5737)
            "KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1"),
        "192.0.2.1 is no address of this machine; set MICRONAUT_SERVER_HOST (micronaut.server.host) to one, or"
            + " to 0.0.0.0 for all.");
  }

  @Test
  void aPortThatIsNoneIsNamed() throws Exception {
    assertRefused(
        Map.of("MICRONAUT_SERVER_PORT", "http", "KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1"),
        "micronaut.server.port is \"http\"; it must be a port from 0 to 65535, or -1 for any free one.");
  }

  @Test
  void aFileThatIsNotThereIsNamed() throws Exception {
    String file = folder.resolve("missing.yml").toString();
    assertRefused(
        Map.of("MICRONAUT_CONFIG_FILES", file, "KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1"),
        "Failed to read configuration file: " + file);
  }

  private static void assertRefused(
      Map<String, String> variables, String sentence, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dlogback.configurationFile=logback.xml"); // what it says with the logs as shipped
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
