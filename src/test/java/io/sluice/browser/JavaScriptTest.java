package io.sluice.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Runs the JavaScript tests of {@code src/test/js} under Node's own test runner. */
class JavaScriptTest {
  private static final Path FOLDER = Path.of("src/test/js").toAbsolutePath();
  private static final Pattern PASSED = Pattern.compile("(?m)^# pass (\\d+)$");

  @BeforeAll
  static void needNode() {
    Node.require();
  }

  @Test
  void everyRuleOfTheClientAndThePageHolds() throws IOException {
    assertAllPass(Map.of(), 250);
  }

  /** What the build makes of the modules is served and copied: it must be no other client. */
  @Test
  void everyRuleHoldsForTheOneFileToo() throws IOException {
    assertAllPass(Map.of("SLUICE_CLIENT", Node.ONE_FILE.toString()), 250);
  }

  private static void assertAllPass(Map<String, String> environment, int atLeast)
      throws IOException {
    Node.Result result = Node.test(testFiles(), environment);
    assertThat(result.exitCode()).as(result.output()).isZero();
    Matcher passed = PASSED.matcher(result.output());
    assertThat(passed.find()).as("a summary in:%n%s", result.output()).isTrue();
    assertThat(Integer.parseInt(passed.group(1))).as("tests that ran").isGreaterThan(atLeast);
  }

  private static List<Path> testFiles() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".test.js")).sorted().toList();
    }
  }
}
