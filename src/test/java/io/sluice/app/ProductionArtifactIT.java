package io.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shipped: production has no broker and no demo, and says what it misses. */
class ProductionArtifactIT {
  private static final String NAME = "sluice-" + System.getProperty("build.version");

  @TempDir private static Path unpacked;

  private static Path home;

  @BeforeAll
  static void unpack() throws IOException, InterruptedException {
    Path archive = Path.of(System.getProperty("build.directory"), NAME + ".tar.gz");
    Process tar =
        new ProcessBuilder("tar", "xzf", archive.toString(), "-C", unpacked.toString())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
    home = unpacked.resolve(NAME);
  }

  @Test
  void productionHoldsNothingOfTheDevelopmentRun() throws IOException {
    try (JarFile jar = new JarFile(home.resolve("lib/" + NAME + ".jar").toFile())) {
      List<String> names = jar.stream().map(Object::toString).toList();
      assertThat(names)
          .contains("io/sluice/app/Sluice.class", "public/index.html", "public/sluice.js");
      assertThat(names)
          .noneMatch(
              name -> name.contains("io/sluice/embedded") || name.contains("io.sluice.embedded"));
    }
    assertThat(jars("lib"))
        .anyMatch(name -> name.startsWith("kafka-clients-"))
        .noneMatch(name ->
            name.startsWith("kafka-server")
                || name.startsWith("kafka_")
                || name.startsWith("oshi"));
    assertThat(jars("lib-embedded")).anyMatch(name -> name.startsWith("kafka_"));
  }

  @Test
  void withoutBrokersTheStartFailsAndNamesTheSetting() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(home.resolve("bin/sluice").toString()).redirectErrorStream(true);
    builder.environment().remove("KAFKA_BOOTSTRAP_SERVERS");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("MICRONAUT_SERVER_PORT", "-1");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isEqualTo(1);
    assertThat(output)
        .contains("Sluice cannot start: No brokers are configured: set KAFKA_BOOTSTRAP_SERVERS");
  }

  private static List<String> jars(String folder) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve(folder))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
