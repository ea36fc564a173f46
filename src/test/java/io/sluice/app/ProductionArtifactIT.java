package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.Broker;
import io.sluice.testing.ChildProcess;
import io.sluice.testing.Json;
import io.sluice.testing.TestClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What is shipped: it starts from anywhere, quicker with a cache, and says what it misses. */
@TestMethodOrder(
    MethodOrderer.OrderAnnotation.class) // the cache is made once, for those that follow
class ProductionArtifactIT {
  private static final String NAME = "sluice-" + System.getProperty("build.version");
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Pattern READY =
      Pattern.compile("Sluice is ready after .*: http://[^:]+:(\\d+) ");

  @TempDir private static Path unpacked;

  private static Path home;

  @BeforeAll
  static void unpack() {
    Path archive = Path.of(System.getProperty("build.directory"), NAME + ".tar.gz");
    List<String> tar = List.of("tar", "xzf", archive.toString(), "-C", unpacked.toString());
    try (ChildProcess process = ChildProcess.start("tar", tar)) {
      assertThat(process.awaitExit(PATIENCE)).as("%s", process).isZero();
    }
    home = unpacked.resolve(NAME);
  }

  @Test
  @Order(1)
  void productionHoldsNothingOfTheDevelopmentRun() throws IOException {
    try (JarFile jar = new JarFile(home.resolve("lib/" + NAME + ".jar").toFile())) {
      List<String> names = jar.stream().map(Object::toString).toList();
      assertThat(names)
          .contains("io/sluice/app/Sluice.class", "public/index.html", "public/sluice.js");
      assertThat(names)
          .noneMatch(
              name -> name.contains("io/sluice/embedded") || name.contains("io.sluice.embedded"));
    }
    assertThat(files("lib"))
        .anyMatch(name -> name.startsWith("kafka-clients-"))
        .noneMatch(name ->
            name.startsWith("kafka-server")
                || name.startsWith("kafka_")
                || name.startsWith("oshi")
                || name.startsWith("testcontainers"));
    assertThat(files("lib-embedded")).anyMatch(name -> name.startsWith("kafka_"));
    assertThat(files("")).contains("bin", "config", "docs", "LICENSE", "README.md");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(home.resolve("bin/sluice"))))
        .isEqualTo("rwxr-xr-x");
  }

  @Test
  @Order(2)
  void withoutBrokersTheStartFailsAndNamesTheSetting() {
    assertRefused(
        Map.of(), "Sluice cannot start: No brokers are configured: set KAFKA_BOOTSTRAP_SERVERS");
  }

  @Test
  @Order(2)
  void aJavaThatIsTooOldIsNamed() throws IOException {
    Path old = unpacked.resolve("jdk-17");
    Files.createDirectories(old.resolve("bin"));
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.12\"\n");
    script(old.resolve("bin/java"), "echo started");
    assertRefused(
        Map.of("JAVA_HOME", old.toString()),
        "sluice: needs Java 25 or later; "
            + old
            + "/bin/java is 17. Set JAVA_HOME to a newer one.");
  }

  @Test
  @Order(2)
  void aJavaThatSaysItsVersionOnlyItselfIsAsked() throws IOException {
    Path odd = unpacked.resolve("odd");
    Files.createDirectories(odd.resolve("bin"));
    script(odd.resolve("bin/java"), "echo 'openjdk version \"21.0.4\" 2024-07-16' >&2");
    assertRefused(
        Map.of("JAVA_HOME", odd.toString()),
        "sluice: needs Java 25 or later; "
            + odd
            + "/bin/java is 21. Set JAVA_HOME to a newer one.");
  }

  @Test
  @Order(2)
  void aWrongJavaHomeIsNamed() {
    assertRefused(
        Map.of("JAVA_HOME", "/nowhere"),
        "sluice: there is no bin/java in JAVA_HOME, which is /nowhere; it must be a Java 25 runtime.");
  }

  @Test
  @Order(3)
  void itStartsThroughLinksFromAnywhereAndEndsAtSigterm() throws IOException {
    Path links = Files.createDirectories(unpacked.resolve("links"));
    Path relative =
        Files.createSymbolicLink(links.resolve("relative"), Path.of("..", NAME, "bin", "sluice"));
    Path absolute = Files.createSymbolicLink(links.resolve("absolute"), relative);
    try (ChildProcess gateway = start(absolute, Map.of())) {
      try (TestClient client = TestClient.connect(awaitReady(gateway))) {
        assertThat(client.call(Json.message("ping")).path("type").asText()).isEqualTo("pong");
      }
      gateway.terminate();
      assertThat(gateway.awaitExit(PATIENCE)).as("128 + SIGTERM, of java itself").isEqualTo(143);
      assertThat(gateway.output()).noneMatch(line -> line.contains("[aot]"));
    }
  }

  @Test
  @Order(4)
  void aCacheIsMadeAndTheNextStartUsesIt() {
    try (ChildProcess making = sluice(home.resolve("bin/sluice"), Map.of(), "cache")) {
      assertThat(making.awaitExit(PATIENCE)).as("%s", making).isZero();
      assertThat(making.output()).containsExactly("sluice: made " + home + "/lib/sluice.aot");
    }
    assertThat(files("lib"))
        .filteredOn(name -> name.contains(".aot"))
        .containsExactly("sluice.aot");
    // With this mode Java does not start unless it can use the cache.
    try (ChildProcess gateway =
        start(home.resolve("bin/sluice"), Map.of("SLUICE_JAVA_OPTS", "-XX:AOTMode=on -Xmx200m"))) {
      awaitReady(gateway);
      assertThat(gateway.output()).noneMatch(line -> line.contains("[aot]"));
    }
  }

  @Test
  @Order(5)
  void aCacheThatDoesNotFitIsLeftAsideAloud() throws IOException {
    assertStartsWithoutCache(Map.of("SLUICE_JAVA_OPTS", "-XX:+UseZGC"));
    Path jar = home.resolve("lib/" + NAME + ".jar");
    FileTime before = Files.getLastModifiedTime(jar);
    Files.setLastModifiedTime(jar, FileTime.fromMillis(before.toMillis() + 60_000));
    assertStartsWithoutCache(Map.of());
    Files.setLastModifiedTime(jar, before);
    Files.writeString(home.resolve("lib/sluice.aot"), "no cache at all");
    assertStartsWithoutCache(Map.of());
  }

  private static void assertStartsWithoutCache(Map<String, String> variables) {
    try (ChildProcess gateway = start(home.resolve("bin/sluice"), variables)) {
      awaitReady(gateway);
      assertThat(gateway.output()).anyMatch(line -> line.contains("[aot]"));
    }
  }

  private static void assertRefused(Map<String, String> variables, String sentence) {
    try (ChildProcess gateway = sluice(home.resolve("bin/sluice"), variables)) {
      assertThat(gateway.awaitExit(PATIENCE)).as("%s", gateway).isEqualTo(1);
      assertThat(String.join("\n", gateway.output())).contains(sentence);
    }
  }

  private static ChildProcess start(Path script, Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("KAFKA_BOOTSTRAP_SERVERS", Broker.shared().bootstrapServers());
    all.put("SLUICE_SHUTDOWN_DELAY", "0s");
    return sluice(script, all);
  }

  private static ChildProcess sluice(Path script, Map<String, String> variables, String... more) {
    Map<String, String> all =
        new HashMap<>(
            Map.of("JAVA_HOME", System.getProperty("java.home"), "MICRONAUT_SERVER_PORT", "-1"));
    all.putAll(variables);
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(more));
    return ChildProcess.start("sluice", command, all);
  }

  private static URI awaitReady(ChildProcess gateway) {
    Matcher ready = READY.matcher(gateway.awaitLine(line -> READY.matcher(line).find(), PATIENCE));
    assertThat(ready.find()).isTrue();
    return URI.create("ws://127.0.0.1:" + ready.group(1) + "/v1/ws");
  }

  private static void script(Path file, String line) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + line + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static List<String> files(String folder) {
    try (Stream<Path> files = Files.list(home.resolve(folder))) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
