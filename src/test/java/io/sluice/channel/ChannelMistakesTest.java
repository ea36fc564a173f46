package io.sluice.channel;

import static io.sluice.channel.Samples.channel;
import static io.sluice.channel.Samples.rules;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Channels that make no sense, alone or together, are refused by name. */
class ChannelMistakesTest {
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
    String said =
        refusal(channel("one", one, null, topic(one)), channel("two", other, null, topic(other)));
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
    assertThat(refusal(channel("it", name, key, topic)))
        .isEqualTo("sluice.channels.it." + sentence);
  }

  @Test
  void emptyListsAndTopicsTwiceAreRefused() {
    assertThat(refusal(channel("it", "a", null)))
        .isEqualTo("sluice.channels.it.topics is empty; a channel needs at least one topic.");
    assertThat(refusal(channel("it", "a", null, "t", "u", "t")))
        .isEqualTo("sluice.channels.it.topics is \"t\"; it stands there twice.");
  }

  @Test
  void aKeyThatCouldBecomeTooLongIsRefused() {
    assertThat(refusal(channel("it", "a/{x}", "{x}".repeat(33), "t")))
        .startsWith("sluice.channels.it.key is ")
        .endsWith("; it could have 8217 bytes, and a key has at most 8192.");
    assertThat(refusal(channel("it", "a", "ä".repeat(4_097), "t"))).contains("8194 bytes");
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
