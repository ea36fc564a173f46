package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.Scrape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The rules that are shipped for alarms speak of what a gateway has. */
class AlertRulesTest {
  private static final Pattern METRIC = Pattern.compile("\\b(?:sluice|process|jvm)_\\w+");
  private static final Pattern LABEL =
      Pattern.compile("\\b(code|kind|outcome|reason)=~?\"([^\"]+)\"");
  private static final Scrape SCRAPE = Scrape.ofIdleGateway();

  /** One rule. */
  private record Rule(Map<?, ?> fields) {
    String text(String name) {
      Object value = fields.get(name);
      assertThat(value).as(name + " of " + fields).isInstanceOf(String.class);
      return String.valueOf(value);
    }

    Map<?, ?> map(String name) {
      return member(fields, name, Map.class);
    }
  }

  @Test
  void everyRuleSaysWhatItIsAndHowUrgent() throws IOException {
    Set<String> names = new TreeSet<>();
    for (Rule rule : rules()) {
      assertThat(names.add(rule.text("alert"))).as("%s stands once", rule).isTrue();
      assertThat(rule.text("alert")).startsWith("Sluice");
      assertThat(rule.map("labels").get("severity")).isIn("page", "ticket");
      assertThat(rule.map("annotations").get("summary"))
          .asString()
          .startsWith("{{ $labels.instance }}")
          .endsWith(".");
    }
  }

  @Test
  void everyMetricAndLabelThatARuleNamesExists() throws IOException {
    Set<String> named = new TreeSet<>();
    for (Rule rule : rules()) {
      METRIC.matcher(rule.text("expr")).results().forEach(each -> named.add(each.group()));
      LABEL
          .matcher(rule.text("expr"))
          .results()
          .forEach(each -> {
            for (String value : each.group(2).split("\\|")) {
              assertThat(SCRAPE.text()).contains(each.group(1) + "=\"" + value + "\"");
            }
          });
    }
    assertThat(named).hasSizeGreaterThan(8);
    assertThat(SCRAPE.names()).containsAll(named);
  }

  private static List<Rule> rules() throws IOException {
    Map<?, ?> file =
        new Yaml(new SafeConstructor(new LoaderOptions()))
            .load(Files.readString(Path.of("deploy/prometheus/alerts.yml")));
    List<?> groups = member(file, "groups", List.class);
    assertThat(groups).hasSize(1);
    List<?> rules = member((Map<?, ?>) groups.getFirst(), "rules", List.class);
    assertThat(rules).hasSizeGreaterThan(5);
    return rules.stream().map(each -> new Rule((Map<?, ?>) each)).toList();
  }

  private static <T> T member(Map<?, ?> of, String name, Class<T> type) {
    return type.cast(Objects.requireNonNull(of.get(name), () -> name + " of " + of));
  }
}
