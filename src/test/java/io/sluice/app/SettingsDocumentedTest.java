package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What is written about settings is what the code does. */
class SettingsDocumentedTest {
  private static final Pattern ROW =
      Pattern.compile("^\\| `(sluice\\.[a-z.-]+)` \\| ([^|]*) \\|", Pattern.MULTILINE);

  private static Map<String, String> defaults;

  @BeforeAll
  static void readTheCode() {
    try (ApplicationContext context =
        ApplicationContext.run(Map.of("kafka.bootstrap.servers", "127.0.0.1:1"))) {
      defaults =
          context.getBean(KnownSettings.class).byName().values().stream()
              .collect(Collectors.toMap(KnownSetting::name, KnownSetting::defaultValue));
    }
    assertThat(defaults).contains(entry("sluice.websocket.heartbeat", "20s"));
  }

  @Test
  void theTablesHaveEverySettingWithItsDefaultAndNoOther() throws IOException {
    Map<String, String> documented =
        ROW.matcher(Files.readString(Path.of("docs/configuration.md")))
            .results()
            .collect(Collectors.toMap(row -> row.group(1), SettingsDocumentedTest::defaultOf));
    assertThat(documented).containsExactlyInAnyOrderEntriesOf(defaults);
  }

  /** {@code 2097152 (2 MiB)}, {@code `data/kafka`}, or {@code empty}. */
  private static String defaultOf(MatchResult row) {
    String text = row.group(2).replaceFirst(" \\(.*\\)$", "").replace("`", "");
    return text.equals("empty") ? "" : text;
  }

  @Test
  void theConfigurationFileHasEverySettingWithItsDefaultAndNoOther() throws IOException {
    String text = Files.readString(Path.of("config/application.yml"));
    String settings =
        text.substring(text.indexOf("\n\n"))
            .lines()
            .map(line -> line.replaceFirst("^# ", ""))
            .collect(Collectors.joining("\n"));
    Map<String, String> written = new TreeMap<>();
    flatten("", new Yaml().load(settings), written);
    written.keySet().removeIf(name -> !name.startsWith("sluice."));
    assertThat(written).containsExactlyInAnyOrderEntriesOf(defaults);
  }

  private static void flatten(String name, Object value, Map<String, String> into) {
    switch (value) {
      case Map<?, ?> section ->
          section.forEach(
              (key, nested) -> flatten(name.isEmpty() ? "" + key : name + "." + key, nested, into));
      case List<?> list ->
          into.put(name, list.stream().map(String::valueOf).collect(Collectors.joining(",")));
      default -> into.put(name, String.valueOf(value));
    }
  }
}
