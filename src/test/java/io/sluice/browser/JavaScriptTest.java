package io.sluice.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Runs the JavaScript tests of {@code src/test/js} under Node's own test runner. */
class JavaScriptTest {
  /** The first Node that takes a {@code .js} file with {@code import} for a module by itself. */
  private static final int[] OLDEST_NODE = {20, 19};

  private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\..*");
  private static final Pattern PASSED = Pattern.compile("(?m)^# pass (\\d+)$");
  private static final long DEADLINE_SECONDS = 120;

  @BeforeAll
  static void needNode() throws Exception {
    Optional<String> version =
        run(List.of("node", "--version")).map(result -> result.output().strip());
    assumeTrue(version.isPresent(), "node is not installed: the JavaScript tests were not run");
    assumeTrue(
        isRecentEnough(version.get()),
        () -> "node " + version.get() + " is older than 20.19: the JavaScript tests were not run");
  }

  @Test
  void everyRuleOfTheClientAndThePageHolds() throws Exception {
    Path folder = Path.of("src/test/js").toAbsolutePath();
    Result result =
        run(List.of("node", "--test", "--test-reporter=tap", folder.toString())).orElseThrow();
    assertThat(result.exitCode()).as(result.output()).isZero();
    Matcher passed = PASSED.matcher(result.output());
    assertThat(passed.find()).as("a summary in:%n%s", result.output()).isTrue();
    assertThat(Integer.parseInt(passed.group(1))).as("tests that ran").isGreaterThan(50);
  }

  private static boolean isRecentEnough(String version) {
    Matcher parts = VERSION.matcher(version);
    if (!parts.matches()) {
      return false;
    }
    int major = Integer.parseInt(parts.group(1));
    int minor = Integer.parseInt(parts.group(2));
    return major > OLDEST_NODE[0] || (major == OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  }

  private record Result(int exitCode, String output) {}

  /** Runs a command to its end; empty when there is no such program. */
  private static Optional<Result> run(List<String> command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("sluice-node", ".tap");
    try {
      Process process;
      try {
        process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
      } catch (IOException noSuchProgram) {
        return Optional.empty();
      }
      if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " took longer than " + DEADLINE_SECONDS + " s");
      }
      return Optional.of(
          new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8)));
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
