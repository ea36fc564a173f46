package io.sluice.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.channel.Channels.Resolution;
import io.sluice.log.RecordKey;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client's name for a channel stands for. */
class ChannelsTest {
  static ChannelSettings channel(
      String label, String name, @Nullable String key, String... topics) {
    return new ChannelSettings(label, name, List.of(topics), key, rules(topics.length < 2));
  }

  static ChannelRules rules(boolean publish) {
    ChannelRules open = ChannelRules.DEFAULT;
    return new ChannelRules(
        false,
        open.modes(),
        true,
        publish,
        open.formats(),
        open.maxRecordBytes(),
        open.defaults(),
        open.isolation());
  }

  private static Channel found(Channels channels, String name) {
    assertThat(channels.resolve(name)).isInstanceOf(Resolution.Found.class);
    return ((Resolution.Found) channels.resolve(name)).channel();
  }

  @Nested
  class WithTemplates {
    private final Channels channels =
        new Channels(
            List.of(
                channel("prices", "prices/{symbol}", "{symbol}", "market.prices"),
                channel("orders", "orders.{region}", null, "orders-{region}", "orders.archive"),
                channel("sensors", "sites/{site}/s-{n}-raw", "{site}:{n}", "sensors"),
                channel("board", "board", null, "board.v2"),
                channel("hidden", "h_{x}", null, "_{x}")),
            false);

    @Test
    void aVariableGivesTheKey() {
      Channel channel = found(channels, "prices/ACME");
      assertThat(channel.topics()).containsExactly("market.prices");
      assertThat(channel.key()).isEqualTo(RecordKey.of("ACME"));
      assertThat(channel.isTopic()).isFalse();
    }

    @Test
    void aVariableGivesATopic() {
      Channel channel = found(channels, "orders.eu-west_1");
      assertThat(channel.topics()).containsExactly("orders-eu-west_1", "orders.archive");
      assertThat(channel.key()).isNull();
    }

    @Test
    void literalTextSurroundsAVariable() {
      assertThat(found(channels, "sites/berlin/s-4-2-raw").key())
          .isEqualTo(RecordKey.of("berlin:4-2"));
    }

    @Test
    void aNameWithoutVariablesIsOneChannel() {
      assertThat(found(channels, "board").topics()).containsExactly("board.v2");
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
      assertThat(channels.resolve(name)).isInstanceOf(Resolution.Unknown.class);
    }

    @Test
    void noValueLeadsToAnInternalTopic() {
      assertThat(found(channels, "h_x").topics()).containsExactly("_x");
      assertThat(channels.resolve("h__consumer_offsets")).isInstanceOf(Resolution.Unknown.class);
    }

    @Test
    void aNameIsAtMostAsLongAsATopicsName() {
      String symbol = "x".repeat(249 - "prices/".length());
      assertThat(found(channels, "prices/" + symbol).key()).isEqualTo(RecordKey.of(symbol));
      assertThat(channels.resolve("prices/" + symbol + "x")).isInstanceOf(Resolution.Unknown.class);
    }

    @Test
    void aTopicThatBecomesTooLongIsUnknown() {
      Channels longer =
          new Channels(List.of(channel("a", "{x}", null, "a-topic-with-a-prefix-{x}")), false);
      assertThat(longer.resolve("x".repeat(240))).isInstanceOf(Resolution.Unknown.class);
    }

    @Test
    void aTemplateIsFoundByItsText() {
      assertThat(channels.template("prices/{symbol}").map(ChannelSettings::label))
          .contains("prices");
      assertThat(channels.template("prices/{x}")).isEmpty();
    }
  }

  @Nested
  class ByTopic {
    private final Channels channels = Channels.ofTopics();

    @Test
    void aTopicIsTheChannelOfItsName() {
      assertThat(found(channels, "a.b-c_D"))
          .isEqualTo(new Channel("a.b-c_D", List.of("a.b-c_D"), null, ChannelRules.DEFAULT, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "ö", "__consumer_offsets", "a b", "%61"})
    void whatCannotBeATopicOrIsInternalIsUnknown(String name) {
      assertThat(channels.resolve(name)).isInstanceOf(Resolution.Unknown.class);
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
  }

  @ParameterizedTest
  @CsvSource({
    "prices/{symbol}, prices/{s}",
    "prices/{symbol}, prices/all",
    "prices/{symbol}, prices/a-{s}",
    "prices/{symbol}, {kind}/ACME",
    "a-{x}, {x}-b",
    "a-{x}/v1, {y}/v{n}",
    "{x}ab, {y}b",
    "board, board"
  })
  void twoThatCanMatchTheSameNameAreRefusedWithBothNames(String one, String other) {
    String said = refusal(channel("one", one, null, topic(one)), channel("two", other, null, topic(other)));
    assertThat(said)
        .contains("sluice.channels.one.name", "sluice.channels.two.name", one, other)
        .containsAnyOf("literal text must tell them apart", "needs a name of its own");
  }

  @ParameterizedTest
  @CsvSource({
    "prices/{symbol}, prices.{symbol}",
    "prices/{symbol}, prices",
    "prices/{symbol}, price/{symbol}",
    "prices/{symbol}, prices/{symbol}/last",
    "a-{x}, b-{x}",
    "{x}-a, {x}-b",
    "a-{x}/v1, {y}/v2",
    "ab{x}, ab",
    "a{x}a, aa"
  })
  void twoThatNoNameMatchesBothAreTaken(String one, String other) {
    Channels channels =
        new Channels(
            List.of(
                channel("one", one, null, topic(one)), channel("two", other, null, topic(other))),
            false);
    assertThat(channels.configured()).hasSize(2);
  }

  /** A topic that uses every variable of {@code name}. */
  private static String topic(String name) {
    return name.replace('/', '-').replace('.', '-');
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          a{x}{y}     | - | t-{x}-{y}   | name is "a{x}{y}"; it has two variables in one segment; between two variables stands a / or a ..
          a//b        | - | t           | name is "a//b"; it has an empty segment.
          a.          | - | t           | name is "a."; it has an empty segment.
          a/{x}/{x}   | - | t-{x}       | name is "a/{x}/{x}"; it has {x} twice.
          a/{x        | - | t           | name is "a/{x"; it has a { without its }.
          a/x}        | - | t           | name is "a/x}"; it has a } without its {.
          a/{}        | - | t           | name is "a/{}"; it has the variable {}, whose name must be letters, digits, _ and -, a letter first.
          a/{1x}      | - | t           | name is "a/{1x}"; it has the variable {1x}, whose name must be letters, digits, _ and -, a letter first.
          ä           | - | t           | name is "ä"; it has a character that is not allowed; there are ASCII letters, digits, _, -, . and /, and variables in braces.
          a*          | - | t           | name is "a*"; it has a character that is not allowed; there are ASCII letters, digits, _, -, . and /, and variables in braces.
          a/{x}       | - | t           | name is "a/{x}"; {x} must be used in topics or key, or all its names would mean the same.
          a/{x}       | {y} | t-{x}     | key is "{y}"; the name a/{x} has no variable {y}, but {x}.
          a           | {y} | t         | key is "{y}"; the name a has no variable {y}.
          a/{x}       | -   | t-{z}     | topics is "t-{z}"; the name a/{x} has no variable {z}, but {x}.
          a           | ''  | t         | key is ""; a key that is fixed has at least one character.
          a           | -   | __t       | topics is "__t"; topics that begin with __ are internal and never served.
          a/{x}       | -   | __{x}     | topics is "__{x}"; topics that begin with __ are internal and never served.
          a           | -   | t/u       | topics is "t/u"; the name of a topic consists of ASCII letters, digits, ., _ and -, here also variables in braces.
          a           | -   | ..        | topics is ".."; the name of a topic has 1 to 249 characters and is not . or ...
          """)
  void aMistakeIsRefusedByTheNameOfTheSetting(
      String name, @Nullable String key, String topic, String sentence) {
    assertThat(refusal(channel("it", name, key, topic))).isEqualTo("sluice.channels.it." + sentence);
  }

  @Test
  void emptyListsAndTopicsTwiceAreRefused() {
    assertThat(refusal(channel("it", "a", null)))
        .isEqualTo("sluice.channels.it.topics is empty; a channel needs at least one topic.");
    assertThat(refusal(channel("it", "a", null, "t", "u", "t")))
        .isEqualTo("sluice.channels.it.topics is \"t\"; it stands there twice.");
  }

  @Test
  void whatCannotGoTogetherIsRefused() {
    assertThat(refusal(new ChannelSettings("it", "a", List.of("t", "u"), null, rules(true))))
        .isEqualTo(
            "sluice.channels.it.publish is true; a channel with several topics cannot be published to.");
  }

  private static String refusal(ChannelSettings... channels) {
    try {
      new Channels(List.of(channels), false);
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("It was taken.");
  }
}
