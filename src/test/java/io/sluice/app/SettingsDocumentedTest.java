package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.micronaut.context.ApplicationContext;
import io.sluice.channel.Channels;
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
      Pattern.compile("^\\| `(sluice\\.[a-z.<>-]+)` \\| ([^|]*) \\|", Pattern.MULTILINE);

  /** What {@code config/application.yml} calls its example of a channel. */
  private static final String EXAMPLE = "sluice.channels.example.";

  private static Map<String, String> defaults;
  private static final Map<String, String> CHANNEL_DEFAULTS =
      ChannelSettingName.KNOWN.stream()
          .collect(Collectors.toMap(KnownSetting::name, KnownSetting::defaultValue));

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
    Map<String, String> all = new TreeMap<>(defaults);
    all.putAll(CHANNEL_DEFAULTS);
    assertThat(documented).containsExactlyInAnyOrderEntriesOf(all);
  }

  /** {@code 2097152 (2 MiB)}, {@code `data/kafka`}, or {@code empty}. */
  private static String defaultOf(MatchResult row) {
    String text = row.group(2).replaceFirst(" \\(.*\\)$", "").replace("`", "");
    return text.equals("empty") ? "" : text;
  }

  @Test
  void theConfigurationFileHasEverySettingWithItsDefaultAndNoOther() throws IOException {
    Map<String, String> written = new TreeMap<>();
    flatten("", new Yaml().load(uncommented(false)), written);
    written.keySet().removeIf(name -> !name.startsWith("sluice."));
    Map<String, String> channel = new TreeMap<>(written);
    written.keySet().removeIf(name -> name.startsWith(EXAMPLE));
    assertThat(written).containsExactlyInAnyOrderEntriesOf(defaults);
    channel.keySet().removeIf(name -> !name.startsWith(EXAMPLE));
    channel.forEach((name, value) -> {
      String standard =
          CHANNEL_DEFAULTS.getOrDefault(
              name.replace(EXAMPLE, ChannelSettingName.PREFIX + "<label>."), "no setting");
      if (!List.of("name", "topics", "key").contains(name.substring(EXAMPLE.length()))) {
        assertThat(value).as(name).isEqualTo(standard);
      }
    });
  }

  @Test
  void theConfigurationFileHasEverySettingOfAChannel() throws IOException {
    Map<String, String> written = new TreeMap<>();
    flatten("", new Yaml().load(uncommented(true)), written);
    written.keySet().removeIf(name -> !name.startsWith(EXAMPLE));
    assertThat(written.keySet().stream().map(name -> name.replace(EXAMPLE, "")).toList())
        .containsExactlyInAnyOrderElementsOf(
            CHANNEL_DEFAULTS.keySet().stream()
                .map(name -> name.replaceFirst(".*<label>\\.", ""))
                .toList());
  }

  @Test
  void theConfigurationFileStartsWithAllOfItUncommented() throws IOException {
    String everything = uncommented(true);
    try (ApplicationContext context = Configured.start(Configured.file(everything))) {
      assertThat(context.getBean(Channels.class).resolve("example/ACME"))
          .isInstanceOf(Channels.Resolution.Found.class);
    }
  }

  /**
   * The settings of the file.
   *
   * @param all also those that are comments within the comment: they have no default
   */
  private static String uncommented(boolean all) throws IOException {
    String text = Files.readString(Path.of("config/application.yml"));
    return text.substring(text.indexOf("\n\n"))
        .lines()
        .map(line -> line.replaceFirst("^# ", ""))
        .map(line -> all ? line.replaceFirst("^( +)# ", "$1") : line)
        .collect(Collectors.joining("\n"));
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
