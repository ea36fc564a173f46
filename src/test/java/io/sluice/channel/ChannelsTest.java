package io.sluice.channel;

import static io.sluice.channel.Samples.channel;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.channel.Channels.Resolution;
import io.sluice.log.RecordKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client's name for a channel stands for. */
class ChannelsTest {
  private final Channels templates =
      new Channels(
          List.of(
              channel("prices", "prices/{symbol}", "{symbol}", "market.prices"),
              channel("orders", "orders.{region}", null, "orders-{region}", "orders.archive"),
              channel("sensors", "sites/{site}/s-{n}-raw", "{site}:{n}", "sensors"),
              channel("board", "board", null, "board.v2"),
              channel("hidden", "h_{x}", null, "_{x}")),
          false);

  private final Channels byTopic = Channels.ofTopics();

  @Test
  void aVariableGivesTheKey() {
    Channel channel = found(templates, "prices/ACME");
    assertThat(channel.topics()).containsExactly("market.prices");
    assertThat(channel.key()).isEqualTo(RecordKey.of("ACME"));
    assertThat(channel.isTopic()).isFalse();
  }

  @Test
  void aVariableGivesATopic() {
    Channel channel = found(templates, "orders.eu-west_1");
    assertThat(channel.topics()).containsExactly("orders-eu-west_1", "orders.archive");
    assertThat(channel.key()).isNull();
  }

  @Test
  void literalTextSurroundsAVariable() {
    assertThat(found(templates, "sites/berlin/s-4-2-raw").key())
        .isEqualTo(RecordKey.of("berlin:4-2"));
  }

  @Test
  void aNameWithoutVariablesIsOneChannel() {
    assertThat(found(templates, "board").topics()).containsExactly("board.v2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prices/",
        "prices",
        "prices/A/B",
        "prices/A.B",
        "prices//A",
        "/prices/A",
        "prices.A",
        "Prices/A",
        "prices/..",
        "prices/../board",
        "a/../board",
        "prices/%41",
        "prices/a%2Fb",
        "prices/A B",
        "prices/A\n",
        "prices/ＡＣＭＥ",
        "рrices/ACME", // Cyrillic р
        "prices/AC\u200bME",
        "prices/{symbol}",
        "orders.",
        "orders.a.b",
        "sites/berlin/s--raw",
        "sites/berlin/s-4-rawx",
        "board.v2",
        "market.prices",
        "board/",
        "__consumer_offsets",
        "..",
        ".",
        "/"
      })
  void anythingElseIsUnknown(String name) {
    assertThat(templates.resolve(name)).isInstanceOf(Resolution.Unknown.class);
  }

  @Test
  void noValueLeadsToAnInternalTopic() {
    assertThat(found(templates, "h_x").topics()).containsExactly("_x");
    assertThat(templates.resolve("h__consumer_offsets")).isInstanceOf(Resolution.Unknown.class);
  }

  @Test
  void aNameIsAtMostAsLongAsATopicsName() {
    String symbol = "x".repeat(249 - "prices/".length());
    assertThat(found(templates, "prices/" + symbol).key()).isEqualTo(RecordKey.of(symbol));
    assertThat(templates.resolve("prices/" + symbol + "x")).isInstanceOf(Resolution.Unknown.class);
  }

  @Test
  void aTopicThatBecomesTooLongIsUnknown() {
    Channels longer =
        new Channels(List.of(channel("a", "{x}", null, "a-topic-with-a-prefix-{x}")), false);
    assertThat(longer.resolve("x".repeat(240))).isInstanceOf(Resolution.Unknown.class);
  }

  @Test
  void aTemplateIsFoundByItsText() {
    assertThat(templates.template("prices/{symbol}").map(ChannelSettings::label))
        .contains("prices");
    assertThat(templates.template("prices/{x}")).isEmpty();
  }

  @Test
  void aTopicIsTheChannelOfItsName() {
    assertThat(found(byTopic, "a.b-c_D"))
        .isEqualTo(new Channel("a.b-c_D", List.of("a.b-c_D"), null, ChannelRules.DEFAULT, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "ö", "__consumer_offsets", "a b", "%61"})
  void whatCannotBeATopicOrIsInternalIsUnknown(String name) {
    assertThat(byTopic.resolve(name)).isInstanceOf(Resolution.Unknown.class);
  }

  @Test
  void aConfiguredChannelHidesTheTopicOfItsName() {
    Channels both = new Channels(List.of(channel("a", "orders", null, "orders.v2")), true);
    assertThat(found(both, "orders").topics()).containsExactly("orders.v2");
    assertThat(found(both, "orders.v2").isTopic()).isTrue();
  }

  @Test
  void aTemplateMayCatchAllTopics() {
    Channels all = new Channels(List.of(channel("all", "{topic}", null, "{topic}")), false);
    assertThat(found(all, "orders").topics()).containsExactly("orders");
    assertThat(all.resolve("__consumer_offsets")).isInstanceOf(Resolution.Unknown.class);
    assertThat(all.resolve("orders.eu")).isInstanceOf(Resolution.Unknown.class);
  }

  private static Channel found(Channels channels, String name) {
    assertThat(channels.resolve(name)).isInstanceOf(Resolution.Found.class);
    return ((Resolution.Found) channels.resolve(name)).channel();
  }
}
