package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.Scrape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is written about metrics is what is scraped. */
class MetricsDocumentedTest {
  private static final Path DOCS = Path.of("docs/operations.md");
  private static final Scrape SCRAPE = Scrape.ofIdleGateway();
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `(sluice_\\w+)(?:\\{(\\w+)})?` \\| (\\w+) \\| (.*) \\|$", Pattern.MULTILINE);
  private static final Pattern NAMED = Pattern.compile("`((?:sluice|process)_\\w+)");
  private static final Pattern HELP = Pattern.compile("(?m)^# HELP (sluice_\\w+) (.*)$");
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (sluice_\\w+) (\\w+)$");
  private static final Pattern LABEL = Pattern.compile("(?m)^(sluice_\\w+)\\{(\\w+)=\"");

  /** What is told of one metric: its type, its label or nothing, its meaning. */
  private record Told(String type, String label, String meaning) {}

  @Test
  void theTableHasEveryMetricAsItIsScrapedAndNoOther() throws IOException {
    Map<String, Told> documented = new TreeMap<>();
    ROW.matcher(Files.readString(DOCS))
        .results()
        .forEach(row ->
            documented.put(
                row.group(1),
                new Told(row.group(3), row.group(2) == null ? "" : row.group(2), row.group(4))));
    assertThat(documented).containsExactlyInAnyOrderEntriesOf(scraped());
  }

  @Test
  void everyMetricThatIsNamedExists() throws IOException {
    Set<String> known = new TreeSet<>(SCRAPE.names());
    known.addAll(pairs(TYPE, SCRAPE.text()).keySet()); // a histogram has no sample of its name
    Set<String> named = new TreeSet<>();
    NAMED.matcher(Files.readString(DOCS)).results().forEach(each -> named.add(each.group(1)));
    assertThat(named).hasSizeGreaterThan(40);
    assertThat(known).containsAll(named);
  }

  private static Map<String, Told> scraped() {
    String text = SCRAPE.text();
    Map<String, String> types = pairs(TYPE, text);
    Map<String, String> labels = pairs(LABEL, text);
    Map<String, Told> scraped = new TreeMap<>();
    pairs(HELP, text)
        .forEach((name, meaning) ->
            scraped.put(
                name,
                new Told(
                    types.getOrDefault(name, "untyped"), labels.getOrDefault(name, ""), meaning)));
    assertThat(scraped.keySet()).containsAll(List.of("sluice_connections", "sluice_feeds"));
    return scraped;
  }

  private static Map<String, String> pairs(Pattern pattern, String text) {
    Map<String, String> pairs = new TreeMap<>();
    pattern.matcher(text).results().forEach(each -> pairs.put(each.group(1), each.group(2)));
    return pairs;
  }
}
