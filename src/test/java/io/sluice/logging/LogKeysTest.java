package io.sluice.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One list of keys: in {@link LogKeys}, in the documentation, and in what is logged. */
class LogKeysTest {
  private static final Path SOURCES = Path.of("src/main/java/io/sluice");
  private static final Path LIST = SOURCES.resolve("logging/LogKeys.java");
  private static final Pattern KEY =
      Pattern.compile(
          "/\\*\\*(?<sentence>[^/]*)\\*/\\s+public static final String (?<name>\\w+) = \"(?<key>\\w+)\";");
  private static final Pattern ROW =
      Pattern.compile("^\\| `(?<key>\\w+)` \\| (?<sentence>[^|]*) \\|$", Pattern.MULTILINE);
  private static final Pattern GIVEN = Pattern.compile("addKeyValue\\(\\s*(?<what>[^,]+),");

  @Test
  void theTableHasEveryKeyWithItsSentenceAndNoOther() throws IOException {
    String docs = Files.readString(Path.of("docs/operations.md"));
    String section = docs.substring(docs.indexOf("\n## Logs"));
    int next = section.indexOf("\n## ", 1);
    Map<String, String> documented = new LinkedHashMap<>();
    ROW.matcher(next < 0 ? section : section.substring(0, next))
        .results()
        .forEach(row -> documented.put(row.group("key"), row.group("sentence")));
    Map<String, String> listed = new LinkedHashMap<>();
    KEY.matcher(Files.readString(LIST))
        .results()
        .forEach(each -> listed.put(each.group("key"), sentence(each.group("sentence"))));
    assertThat(listed).hasSize(LogKeys.class.getDeclaredFields().length);
    assertThat(documented).containsExactlyEntriesOf(listed);
  }

  @Test
  void whatIsLoggedHasNoKeyBesideThem() throws IOException {
    for (Path source : sources()) {
      List<String> given =
          GIVEN
              .matcher(Files.readString(source))
              .results()
              .map(each -> each.group("what"))
              .toList();
      assertThat(given).as(source.toString()).allMatch(what -> what.startsWith("LogKeys."));
    }
  }

  @Test
  void everyKeyIsUsed() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path source : sources()) {
      all.append(Files.readString(source));
    }
    KEY.matcher(Files.readString(LIST))
        .results()
        .forEach(each -> assertThat(all).contains("LogKeys." + each.group("name")));
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> paths = Files.walk(SOURCES)) {
      List<Path> found =
          paths.filter(path -> path.toString().endsWith(".java") && !path.equals(LIST)).toList();
      assertThat(found).hasSizeGreaterThan(100);
      return found;
    }
  }

  private static String sentence(String comment) {
    return comment.replaceAll("\\s*\\n\\s*\\*?\\s*", " ").strip();
  }
}
