package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.sluice.channel.Channel;
import io.sluice.channel.ChannelRules;
import io.sluice.channel.ChannelSettings;
import io.sluice.channel.Channels;
import io.sluice.channel.Channels.Resolution;
import io.sluice.log.Isolation;
import io.sluice.log.RecordKey;
import io.sluice.protocol.Format;
import io.sluice.protocol.Mode;
import io.sluice.protocol.Overflow;
import io.sluice.protocol.StartingPoint;
import io.sluice.protocol.SubscribeOptions;
import io.sluice.protocol.ValueForm;
import io.sluice.wire.StartingPointText;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels come out of files, the environment and arguments alike. */
class ChannelConfigurationTest {
  /** Every setting of a channel, none with its default. */
  private static final ChannelSettings WHOLE =
      new ChannelSettings(
          "market-data",
          "prices/{symbol}",
          List.of("market.prices", "market.{symbol}"),
          "{symbol}",
          new ChannelRules(
              true,
              Set.of(Mode.BROADCAST, Mode.GROUP),
              true,
              false,
              Set.of(Format.JSON, Format.RAW),
              4096,
              new SubscribeOptions(
                  new StartingPoint.Tail(100),
                  Overflow.SKIP,
                  ValueForm.TEXT,
                  null,
                  List.of("price", "at"),
                  50L,
                  2.5),
              Isolation.READ_UNCOMMITTED));

  @Test
  void aFileTellsEverySetting() {
    assertThat(
            configured(
                Configured.file(
                    """
                    sluice:
                      channels:
                        market-data:
                          name: prices/{symbol}
                          topics: [market.prices, "market.{symbol}"]
                          key: "{symbol}"
                          key-partitioned: true
                          modes: [broadcast, group]
                          subscribe: true
                          publish: false
                          formats: [json, raw]
                          max-record-bytes: 4096
                          isolation: read_uncommitted
                          defaults:
                            from: tail:100
                            overflow: skip
                            value: text
                            fields: [price, at]
                            credit: 50
                            max-rate: 2.5
                    """)))
        .containsExactly(WHOLE);
  }

  @Test
  void theEnvironmentTellsEverySetting() {
    Map<String, String> variables =
        Map.ofEntries(
            Map.entry("NAME", "prices/{symbol}"),
            Map.entry("TOPICS", "market.prices, market.{symbol}"),
            Map.entry("KEY", "{symbol}"),
            Map.entry("KEY_PARTITIONED", "true"),
            Map.entry("MODES", "broadcast,group"),
            Map.entry("SUBSCRIBE", "true"),
            Map.entry("PUBLISH", "false"),
            Map.entry("FORMATS", "json,raw"),
            Map.entry("MAX_RECORD_BYTES", "4096"),
            Map.entry("ISOLATION", "read_uncommitted"),
            Map.entry("DEFAULTS_FROM", "tail:100"),
            Map.entry("DEFAULTS_OVERFLOW", "skip"),
            Map.entry("DEFAULTS_VALUE", "text"),
            Map.entry("DEFAULTS_FIELDS", "price,at"),
            Map.entry("DEFAULTS_CREDIT", "50"),
            Map.entry("DEFAULTS_MAX_RATE", "2.5"));
    Map<String, String> prefixed = new java.util.HashMap<>();
    variables.forEach((name, value) -> prefixed.put("SLUICE_CHANNELS_MARKET_DATA_" + name, value));
    assertThat(configured(Configured.environment(prefixed))).containsExactly(WHOLE);
  }

  @Test
  void argumentsTellEverySetting() {
    assertThat(
            configured(
                Configured.arguments(
                    "-sluice.channels.market-data.name=prices/{symbol}",
                    "-sluice.channels.market-data.topics=market.prices,market.{symbol}",
                    "-sluice.channels.market-data.key={symbol}",
                    "-sluice.channels.market-data.key-partitioned=true",
                    "-sluice.channels.market-data.modes=broadcast,group",
                    "-sluice.channels.market-data.publish=false",
                    "-sluice.channels.market-data.formats=json,raw",
                    "-sluice.channels.market-data.max-record-bytes=4096",
                    "-sluice.channels.market-data.isolation=read_uncommitted",
                    "-sluice.channels.market-data.defaults.from=tail:100",
                    "-sluice.channels.market-data.defaults.overflow=skip",
                    "-sluice.channels.market-data.defaults.value=text",
                    "-sluice.channels.market-data.defaults.fields=price,at",
                    "-sluice.channels.market-data.defaults.credit=50",
                    "-sluice.channels.market-data.defaults.max-rate=2.5")))
        .containsExactly(WHOLE);
  }

  @Test
  void whatIsNotSaidHasItsDefault() {
    assertThat(configured(Configured.environment(Map.of("SLUICE_CHANNELS_ORDERS_TOPICS", "shop"))))
        .containsExactly(
            new ChannelSettings(
                "orders",
                "orders",
                List.of("shop"),
                null,
                new ChannelRules(
                    false,
                    Set.of(Mode.BROADCAST),
                    true,
                    true,
                    Set.of(Format.values()),
                    1 << 20,
                    SubscribeOptions.NONE,
                    Isolation.READ_COMMITTED)));
  }

  @Test
  void whatSeveralSourcesSayOfOneChannelGoesTogether() {
    List<ChannelSettings> channels =
        configured(
            Configured.file(
                """
                sluice:
                  channels:
                    orders:
                      topics: shop.orders
                      publish: true
                """),
            Configured.environment(Map.of("SLUICE_CHANNELS_ORDERS_PUBLISH", "false")));
    assertThat(channels).singleElement().extracting(ChannelSettings::topics).asList().hasSize(1);
    assertThat(channels.getFirst().rules().publish()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "latest, latest",
    "earliest, earliest",
    "tail:5, tail",
    "timestamp:1790000000000, timestamp",
    "timestamp:2026-09-21T14:13:20Z, timestamp"
  })
  void everyStartMayBeTheDefaultButPositions(String text, String kind) {
    StartingPoint expected =
        switch (kind) {
          case "latest" -> new StartingPoint.Latest();
          case "earliest" -> new StartingPoint.Earliest();
          case "tail" -> new StartingPoint.Tail(5);
          default -> new StartingPoint.Timestamp(1_790_000_000_000L);
        };
    assertThat(StartingPointText.read(text)).isEqualTo(expected);
  }

  @Test
  void topicsHaveTheirOwnNamesOnlyWhileNoChannelIsConfigured() {
    assertThat(resolved("orders")).isInstanceOf(Resolution.Found.class);
    PropertySource board = Configured.environment(Map.of("SLUICE_CHANNELS_BOARD_TOPICS", "orders"));
    assertThat(resolved("orders", board)).isInstanceOf(Resolution.Unknown.class);
    assertThat(resolved("board", board)).isInstanceOf(Resolution.Found.class);
    PropertySource both =
        Configured.environment(
            Map.of("SLUICE_CHANNELS_BOARD_TOPICS", "orders", "SLUICE_CHANNELS_BY_TOPIC", "true"));
    assertThat(resolved("orders", both)).isInstanceOf(Resolution.Found.class);
    PropertySource none = Configured.environment(Map.of("SLUICE_CHANNELS_BY_TOPIC", "false"));
    assertThat(resolved("orders", none)).isInstanceOf(Resolution.Unknown.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sluice:\n  channels:\n", "sluice:\n  channels: {}\n", "sluice:\n"})
  void anEmptySectionConfiguresNone(String yaml) {
    assertThat(resolved("orders", Configured.file(yaml))).isInstanceOf(Resolution.Found.class);
  }

  @Test
  void theExampleOfTheFileIsAChannel() {
    Resolution found =
        resolved(
            "prices/ACME",
            Configured.file(
                """
                sluice.channels.prices:
                  name: prices/{symbol}
                  topics: market.prices
                  key: "{symbol}"
                """));
    assertThat(found)
        .isInstanceOfSatisfying(
            Resolution.Found.class,
            it -> {
              Channel channel = it.channel();
              assertThat(channel.topics()).containsExactly("market.prices");
              assertThat(channel.key()).isEqualTo(RecordKey.of("ACME"));
            });
  }

  private static List<ChannelSettings> configured(PropertySource... sources) {
    try (ApplicationContext context = Configured.start(sources)) {
      assertThat(context.getBean(Channels.class).configured()).isNotEmpty();
      return context.getBean(ConfiguredChannels.class).all();
    }
  }

  private static Resolution resolved(String name, PropertySource... sources) {
    try (ApplicationContext context = Configured.start(sources)) {
      return context.getBean(Channels.class).resolve(name);
    }
  }
}
