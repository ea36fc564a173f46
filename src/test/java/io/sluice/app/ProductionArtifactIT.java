package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The jar that goes to production has no broker and no demo, and says what it misses. */
class ProductionArtifactIT {
  @Test
  void theJarHoldsNothingOfTheDevelopmentRun() throws IOException {
    try (JarFile jar = new JarFile(artifact().toFile())) {
      List<String> names = jar.stream().map(Object::toString).toList();
      assertThat(names).contains("io/sluice/app/Sluice.class", "public/index.html", "public/sluice.js");
      assertThat(names).noneMatch(name -> name.contains("io/sluice/embedded") || name.contains("io.sluice.embedded"));
    }
  }

  @Test
  void withoutBrokersTheStartFailsAndNamesTheSetting() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseCompactObjectHeaders",
                "-cp",
                classPath(),
                "io.sluice.app.Sluice")
            .redirectErrorStream(true);
    builder.environment().remove("KAFKA_BOOTSTRAP_SERVERS");
    builder.environment().put("MICRONAUT_SERVER_PORT", "-1");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isEqualTo(1);
    assertThat(output).contains("Sluice cannot start: No brokers are configured: set KAFKA_BOOTSTRAP_SERVERS");
  }

  private static Path artifact() {
    return Path.of(
        System.getProperty("sluice.build.directory"), "sluice-" + System.getProperty("sluice.version") + ".jar");
  }

  /** The jar instead of the classes, and the dependencies behind it. */
  private static String classPath() {
    Stream<String> dependencies =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> entry.endsWith(".jar"));
    return Stream.concat(Stream.of(artifact().toString()), dependencies)
        .collect(Collectors.joining(File.pathSeparator));
  }
}
