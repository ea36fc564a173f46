package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.env.PropertySource;
import io.sluice.wire.StartingPointText;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every bad configuration is answered by name: what is set, where it is known to what, and what is
 * allowed.
 */
class BadConfigurationTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource
  void aFileWithAMistakeInAChannelIsRefused(String yaml, String sentence) {
    assertThat(
            Configured.refusal(Configured.file("sluice:\n  channels:\n    it:\n" + yaml.indent(6))))
        .isEqualTo(sentence);
  }

  static Stream<Arguments> aFileWithAMistakeInAChannelIsRefused() {
    return Stream.of(
        mistake("name: a", "topics is empty; a channel needs at least one topic."),
        mistake("topics: []", "topics is empty; a channel needs at least one topic."),
        mistake("topics: [a, a]", "topics is \"a\"; it stands there twice."),
        mistake(
            "topics: [a, \"\"]",
            "topics is \"\"; the name of a topic has 1 to 249 characters and is not . or ..."),
        mistake(
            "topics: __consumer_offsets",
            "topics is \"__consumer_offsets\"; topics that begin with __ are internal and never served."),
        mistake(
            "topics: a\nname: p/{x}\nkey: \"{y}\"",
            "key is \"{y}\"; the name p/{x} has no variable {y}, but {x}."),
        mistake(
            "topics: a\nname: p/{x}\nkey: {x}",
            "key is a section; in YAML a text that begins with a brace stands in quotes."),
        mistake("topics: a\nmodes: []", "modes is empty; a channel needs at least one mode."),
        mistake("topics: a\nmodes: all", "modes is \"all\"; there are broadcast, group, queue."),
        mistake(
            "topics: a\nmodes: [broadcast, Group]",
            "modes is \"Group\"; there are broadcast, group, queue."),
        mistake("topics: a\nformats: []", "formats is empty; a channel needs at least one form."),
        mistake("topics: a\nformats: xml", "formats is \"xml\"; there are json, cbor, raw."),
        mistake(
            "topics: a\nisolation: serializable",
            "isolation is \"serializable\"; there are read_committed, read_uncommitted."),
        mistake("topics: a\nsubscribe: maybe", "subscribe is \"maybe\"; it must be true or false."),
        mistake(
            "topics: a\nsubscribe: false\npublish: false",
            "subscribe and publish are both false; a channel that is neither read nor written is none."),
        mistake(
            "topics: [a, b]\npublish: true",
            "publish is true; a channel with several topics cannot be published to."),
        mistake("topics: a\nmax-record-bytes: 0", "max-record-bytes is 0; it must be 1 or more."),
        mistake(
            "topics: a\nmax-record-bytes: 1048577",
            "max-record-bytes is 1048577; it must not be above sluice.relay.max-record-bytes, which is"
                + " 1048576."),
        mistake(
            "topics: a\nmax-record-bytes: 1 MiB",
            "max-record-bytes is \"1 MiB\"; it must be a whole number up to 2147483647."),
        mistake("topics: a\nkey: [x]", "key is a list; it must be one value."),
        mistake(
            "topics: a\ndefaults:\n  from: tail",
            "defaults.from is \"tail\"; it must be " + StartingPointText.ALLOWED + "."),
        mistake(
            "topics: a\ndefaults:\n  from: tail:0",
            "defaults.from is \"tail:0\"; it must be " + StartingPointText.ALLOWED + "."),
        mistake(
            "topics: a\ndefaults:\n  overflow: drop",
            "defaults.overflow is \"drop\"; there are replay, skip, end."),
        mistake(
            "topics: a\ndefaults:\n  value: xml",
            "defaults.value is \"xml\"; there are auto, json, text, base64."),
        mistake(
            "topics: a\ndefaults:\n  credit: -1",
            "defaults.credit is -1; it must be from 0 to 9007199254740991."),
        mistake(
            "topics: a\ndefaults:\n  max-rate: 0",
            "defaults.max-rate is \"0.0\"; it must be from 0.001 to 1000.0."),
        mistake(
            "topics: a\ndefaults:\n  max-rate: fast",
            "defaults.max-rate is \"fast\"; it must be a number, such as 2 or 0.5."),
        mistake(
            "topics: a\ntopic: b",
            "topic is not a setting of Sluice; did you mean sluice.channels.it.topics?"),
        mistake(
            "topics: a\ndefaults:\n  form: latest",
            "defaults.form is not a setting of Sluice; did you mean sluice.channels.it.defaults.from?"),
        mistake(
            "topics: a\npassword: secret",
            "password is not a setting of Sluice; docs/configuration.md lists those that there are."));
  }

  private static Arguments mistake(String yaml, String sentence) {
    return Arguments.of(yaml, "sluice.channels.it." + sentence);
  }

  @ParameterizedTest
  @MethodSource
  void aFileWithAMistakeAroundChannelsIsRefused(String yaml, String sentence) {
    assertThat(Configured.refusal(Configured.file(yaml))).isEqualTo(sentence);
  }

  static Stream<Arguments> aFileWithAMistakeAroundChannelsIsRefused() {
    return Stream.of(
        Arguments.of(
            """
            sluice.channels:
              one: {name: "p/{x}", topics: "t-{x}"}
              two: {name: "p/all", topics: t}
            """,
            "sluice.channels.two.name (\"p/all\") and sluice.channels.one.name (\"p/{x}\") can match the"
                + " same name; literal text must tell them apart, as in a/{x} and b/{x}."),
        Arguments.of(
            """
            sluice.channels:
              one: {name: p, topics: t}
              two: {name: p, topics: u}
            """,
            "sluice.channels.one.name and sluice.channels.two.name are both \"p\"; every channel needs a"
                + " name of its own."),
        Arguments.of(
            """
            sluice.channels:
              - {name: p, topics: t}
            """,
            "sluice.channels is a list or a single value; it must be a section for each channel, with a"
                + " label of your own: sluice.channels.prices.topics."),
        Arguments.of(
            """
            sluice.channels:
              p: t
            """,
            "sluice.channels.p is no setting; a channel is a section of them, such as"
                + " sluice.channels.p.topics."),
        Arguments.of(
            """
            sluice.channels:
              My_Orders: {topics: t}
            """,
            "sluice.channels.My_Orders.topics is not a setting of Sluice; the label of a channel, here"
                + " \"My_Orders\", consists of lower-case letters and digits, with single dashes between."),
        Arguments.of(
            """
            sluice:
              channels-by-topic: sometimes
            """,
            "sluice.channels-by-topic is \"sometimes\"; it must be auto, true or false."),
        Arguments.of(
            """
            kafka.partitioner.class: com.example.Mine
            sluice.channels.p: {topics: t, key-partitioned: true}
            """,
            "sluice.channels.p.key-partitioned is true; it must be false while kafka.partitioner.class is"
                + " set, or keys are not where they are looked for."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SLUICE_CHANNELS_P_TOPIC          | SLUICE_CHANNELS_P_TOPIC is not a setting of Sluice; did you mean SLUICE_CHANNELS_P_TOPICS?
          SLUICE_CHANNELS_P_DEFAULT_FROM   | SLUICE_CHANNELS_P_DEFAULT_FROM is not a setting of Sluice; did you mean SLUICE_CHANNELS_P_DEFAULTS_FROM?
          SLUICE_CHANNELS_TOPICS           | SLUICE_CHANNELS_TOPICS is not a setting of Sluice; docs/configuration.md lists those that there are.
          SLUICE_CHANNELS_BY_TOPICS        | SLUICE_CHANNELS_BY_TOPICS is not a setting of Sluice; did you mean sluice.channels-by-topic?
          SLUICE_CHANNELS_P_SUBSCRIBE      | sluice.channels.p.subscribe is "5"; it must be true or false.
          SLUICE_CHANNELS_P_ISOLATION      | sluice.channels.p.isolation is "5"; there are read_committed, read_uncommitted.
          """)
  void aMistakeInTheEnvironmentIsRefused(String variable, String sentence) {
    assertThat(Configured.refusal(Configured.environment(Map.of(variable, "5"))))
        .isEqualTo(sentence);
  }

  /** Where it stands makes no difference: Sluice owns these settings of the Kafka clients. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          group.id           | KAFKA_GROUP_ID           | because a broadcast reader has no group, and groups are named by subscriptions.
          isolation.level    | KAFKA_ISOLATION_LEVEL    | because the isolation of a channel decides: sluice.channels.<label>.isolation.
          enable.auto.commit | KAFKA_ENABLE_AUTO_COMMIT | because positions are held by clients, or committed as they acknowledge.
          auto.offset.reset  | KAFKA_AUTO_OFFSET_RESET  | because a lost offset is told as a gap, never skipped in silence.
          key.serializer     | KAFKA_KEY_SERIALIZER     | because records are written as the bytes that were published.
          value.serializer   | KAFKA_VALUE_SERIALIZER   | because records are written as the bytes that were published.
          key.deserializer   | KAFKA_KEY_DESERIALIZER   | because records are relayed as the bytes that are stored.
          value.deserializer | KAFKA_VALUE_DESERIALIZER | because records are relayed as the bytes that are stored.
          acks               | KAFKA_ACKS               | because published means acknowledged by all in-sync replicas.
          enable.idempotence | KAFKA_ENABLE_IDEMPOTENCE | because retries inside the producer must not duplicate or reorder.
          transactional.id   | KAFKA_TRANSACTIONAL_ID   | because it is made from the instance's name, so that a restart fences.
          max.block.ms       | KAFKA_MAX_BLOCK_MS       | because one unknown topic must not hold up all publishers.
          """)
  void whatSluiceOwnsInKafkaIsRefusedWhereverItStands(String name, String variable, String reason) {
    String sentence = "kafka." + name + " cannot be set: Sluice owns it, " + reason;
    for (PropertySource source :
        new PropertySource[] {
          Configured.file("kafka." + name + ": x\n"),
          Configured.environment(Map.of(variable, "x")),
          Configured.arguments("-kafka." + name + "=x")
        }) {
      assertThat(Configured.refusal(source)).as(source.getName()).isEqualTo(sentence);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bootstrap.servers  | nonsense | bootstrap.servers: nonsense
          request.timeout.ms | soon     | Invalid value soon for configuration request.timeout.ms: Not a number of type INT
          security.protocol  | TLS      | Invalid value TLS for configuration security.protocol: String must be one of
          """)
  void whatKafkaDoesNotTakeIsRefusedInItsWords(String name, String value, String sentence) {
    assertThat(Configured.refusal(Configured.arguments("-kafka." + name + "=" + value)))
        .contains(sentence);
  }
}
