package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.sluice.channel.Channel;
import io.sluice.channel.ChannelSettings;
import io.sluice.channel.Channels;
import io.sluice.channel.Channels.Resolution;
import io.sluice.log.RecordKey;
import io.sluice.protocol.Format;
import io.sluice.protocol.StartingPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of docs/channels.md are what they say. */
class ChannelsDocumentedTest {
  private static final Pattern BLOCK = Pattern.compile("```(\\w*)\\n(.*?)```", Pattern.DOTALL);

  private static String yaml = "";
  private static String variables = "";
  private static String arguments = "";

  @BeforeAll
  static void readTheExamples() throws IOException {
    List<String> blocks =
        BLOCK
            .matcher(Files.readString(Path.of("docs/channels.md")))
            .results()
            .map(block -> block.group(2))
            .toList();
    assertThat(blocks).hasSize(3);
    yaml = blocks.get(0);
    variables = blocks.get(1);
    arguments = blocks.get(2);
  }

  @Test
  void theFileMakesTheChannelsThatAreDescribed() {
    Channel prices = found("prices/ACME");
    assertThat(prices.topics()).containsExactly("market.prices");
    assertThat(prices.key()).isEqualTo(RecordKey.of("ACME"));
    assertThat(prices.rules().keyPartitioned()).isTrue();
    Channel orders = found("orders.eu");
    assertThat(orders.topics()).containsExactly("orders-eu");
    assertThat(orders.rules().publish()).isFalse();
    assertThat(orders.rules().defaults().from()).isEqualTo(new StartingPoint.Tail(100));
    Channel dashboard = found("dashboard");
    assertThat(dashboard.topics()).containsExactly("market.prices", "market.news");
    assertThat(dashboard.rules().formats()).containsExactly(Format.JSON);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "market.prices",
        "orders-eu",
        "prices/",
        "prices/ACME/last",
        "prices/AC.ME",
        "prices/%41",
        "Prices/ACME",
        "a/../b"
      })
  void anythingElseIsUnknown(String name) {
    assertThat(resolved(name)).isInstanceOf(Resolution.Unknown.class);
  }

  @Test
  void variablesAndArgumentsSayTheSame() {
    Map<String, String> environment = new HashMap<>();
    for (String line : variables.strip().split("\n")) {
      String[] pair = line.split("=", 2);
      environment.put(pair[0], pair[1]);
    }
    ChannelSettings expected = prices(Configured.file(yaml));
    assertThat(prices(Configured.environment(environment))).isEqualTo(expected);
    assertThat(prices(Configured.arguments(arguments.strip().split("\\s+")))).isEqualTo(expected);
  }

  private static ChannelSettings prices(PropertySource source) {
    try (ApplicationContext context = Configured.start(source)) {
      return context.getBean(ConfiguredChannels.class).all().stream()
          .filter(channel -> channel.label().equals("prices"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Channel found(String name) {
    return ((Resolution.Found) resolved(name)).channel();
  }

  private static Resolution resolved(String name) {
    try (ApplicationContext context = Configured.start(Configured.file(yaml))) {
      return context.getBean(Channels.class).resolve(name);
    }
  }
}
