package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.testing.Broker;
import io.sluice.testing.Gateway;
import io.sluice.testing.Json;
import io.sluice.testing.TestClient;
import java.net.http.WebSocketHandshakeException;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A bad command is answered in words and costs nothing else; what breaks the endpoint's rules
 * closes with its code.
 */
class BadInputIT extends OneClient {
  private static final int MAX_MESSAGE = 64 * 1024;
  private static final int MAX_RECORD = 16 * 1024;

  private static String topic;

  @BeforeAll
  static void start() {
    topic = Broker.shared().topics().create("bad-input", 2);
    Broker.shared().topics().produceMany(topic, 0, "v", 3);
    gateway =
        Gateway.start(
            Broker.shared(),
            Map.of(
                "sluice.websocket.max-message-bytes", Integer.toString(MAX_MESSAGE),
                "sluice.relay.max-record-bytes", Integer.toString(MAX_RECORD)));
  }

  @BeforeEach
  void awaitWelcome() {
    client.await("welcome");
  }

  /**
   * Sends what has no readable id; the error that follows has none either, and the connection goes
   * on.
   */
  private JsonNode refusedWithoutId(String text) {
    client.sendText(text);
    JsonNode error = client.await("error");
    assertThat(error.has("id")).as("%s", error).isFalse();
    goesOn();
    return error;
  }

  private JsonNode refused(ObjectNode command, String code) {
    JsonNode error = client.call(command);
    assertThat(error.path("type").asText()).as("%s", error).isEqualTo("error");
    assertThat(error.path("code").asText()).as("%s", error).isEqualTo(code);
    assertThat(error.path("message").asText())
        .as("in words")
        .hasSizeGreaterThan(10)
        .doesNotContain("Exception");
    goesOn();
    return error;
  }

  private void goesOn() {
    assertThat(client.call(Json.message("ping")).path("type").asText()).isEqualTo("pong");
  }

  private static ObjectNode command(String json) {
    return (ObjectNode) Json.read(json);
  }

  private static ObjectNode subscribe(String channel) {
    return Json.message("subscribe").put("channel", channel);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"type\":\"ping\"",
        "{\"type\":\"ping\",}",
        "{'type':'ping'}",
        "[]",
        "42",
        "\"ping\"",
        "null",
        "{\"type\":\"ping\"}{\"type\":\"ping\"}",
        "{\"type\":\"ping\",\"type\":\"ping\"}",
        "{\"type\":\"ping\",\"id\":NaN}",
        "{\"type\":\"ping\",\"id\":01}",
        "\uFEFF{\"type\":\"ping\"}",
        // UTF-16 that is valid UTF-8 as well
        "{\u0000\"\u0000t\u0000y\u0000p\u0000e\u0000\"\u0000:\u0000\"\u0000p\u0000i\u0000n\u0000g\u0000\"\u0000}\u0000"
      })
  void whatIsNotOneJsonObjectIsInvalid(String text) {
    assertThat(refusedWithoutId(text).path("code").asText()).isEqualTo("invalid");
  }

  @Test
  void nestingWithoutEndIsInvalid() {
    JsonNode error = refusedWithoutId("{\"type\":" + "[".repeat(20_000));
    assertThat(error.path("code").asText()).isEqualTo("invalid");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.5",
        "9007199254740992",
        "1e3",
        "true",
        "null",
        "{}",
        "[1]",
        "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""
      })
  void anIdOfAnotherKindIsInvalid(String id) {
    JsonNode error = refusedWithoutId("{\"type\":\"ping\",\"id\":" + id + "}");
    assertThat(error.path("code").asText()).isEqualTo("invalid");
    assertThat(error.path("field").asText()).isEqualTo("id");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type":"dance"}                                                          | type
          {"kind":"ping"}                                                           | type
          {"type":7}                                                                | type
          {"type":"ping","extra":1}                                                 | extra
          {"type":"subscribe"}                                                      | channel
          {"type":"subscribe","channel":7}                                          | channel
          {"type":"subscribe","channel":"c","from":"yesterday"}                     | from
          {"type":"subscribe","channel":"c","from":7}                               | from
          {"type":"subscribe","channel":"c","from":{"positions":7}}                 | from.positions
          {"type":"subscribe","channel":"c","from":{"positions":{"c":{"0":"x"}}}}   | from.positions.c.0
          {"type":"subscribe","channel":"c","from":{"positions":{"c":{"0":-1}}}}    | from.positions.c.0
          {"type":"subscribe","channel":"c","from":{"positions":{"c":{"a":1}}}}     | from.positions.c.a
          {"type":"subscribe","channel":"c","from":{"positions":{"c":{"0":99999999999999999999}}}} | from.positions.c.0
          {"type":"subscribe","channel":"c","from":{"positions":{"c":{"0":1e400}}}} | from.positions.c.0
          {"type":"subscribe","channel":"c","overflow":"drop"}                      | overflow
          {"type":"subscribe","channel":"c","value":"xml"}                          | value
          {"type":"subscribe","channel":"c","mode":"solo"}                          | mode
          {"type":"subscribe","channel":"c","filtre":"x"}                           | filtre
          {"type":"subscribe","channel":"c","fields":"a"}                           | fields
          {"type":"subscribe","channel":"c","fields":[]}                            | fields
          {"type":"subscribe","channel":"c","fields":["a",7]}                       | fields[1]
          {"type":"subscribe","channel":"c","fields":["a","b[0].c","a..b"]}         | fields[2]
          {"type":"unsubscribe"}                                                    | subscription
          {"type":"unsubscribe","subscription":"7"}                                 | subscription
          {"type":"unsubscribe","subscription":-1}                                  | subscription
          {"type":"publish","channel":"c"}                                          | value
          {"type":"publish","value":1}                                              | channel
          {"type":"publish","channel":"c","records":[]}                             | records
          {"type":"publish","channel":"c","records":7}                              | records
          {"type":"publish","channel":"c","records":[7]}                            | records[0]
          {"type":"publish","channel":"c","records":[{"value":1,"x":2}]}            | records[0].x
          {"type":"publish","channel":"c","value":1,"key":7}                        | key
          {"type":"publish","channel":"c","value":1,"key":{"base64":"!"}}           | key.base64
          {"type":"publish","channel":"c","value":1,"headers":[]}                   | headers
          {"type":"publish","channel":"c","value":1,"headers":{"h":7}}              | headers.h
          {"type":"publish","channel":"c","value":1,"partition":-1}                 | partition
          {"type":"publish","channel":"c","value":1,"partition":99999999999}        | partition
          {"type":"publish","channel":"c","value":1,"timestamp":"now"}              | timestamp
          {"type":"publish","channel":"c","value":1,"valueType":"text"}             | value
          {"type":"publish","channel":"c","value":"%","valueType":"base64"}         | value
          {"type":"publish","channel":"c","value":1,"valueType":"xml"}              | valueType
          {"type":"publish","channel":"c*","value":1}                               | channel
          """)
  void aWrongFieldIsInvalidAndNamed(String json, String field) {
    assertThat(refused(command(json), "invalid").path("field").asText()).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type":"ack","subscription":1}                            | type
          {"type":"subscribe","channel":"c","mode":"group"}          | mode
          {"type":"subscribe","channel":"c","filter":"true"}         | filter
          {"type":"publish","channel":"c","value":1,"atomic":true}   | atomic
          """)
  void whatComesLaterIsInvalidAndSaysSo(String json, String field) {
    JsonNode error = refused(command(json), "invalid");
    assertThat(error.path("field").asText()).isEqualTo(field);
    assertThat(error.path("message").asText()).contains("not supported yet");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no-such-topic",
        "__consumer_offsets",
        "__transaction_state",
        "__share_group_state",
        "__cluster_metadata",
        "",
        ".",
        "..",
        "a/../b",
        "%2e",
        "a b",
        "naïve",
        "ｏｒｄｅｒｓ"
      })
  void aChannelThatIsNotThereIsUnknownToReadersAndWritersAndIsNotMade(String channel) {
    refused(subscribe(channel), "unknown-channel");
    refused(Json.message("publish").put("channel", channel).put("value", 1), "unknown-channel");
    assertThat(Broker.shared().topics().names()).doesNotContain(channel);
  }

  @Test
  void aNameThatIsTooLongIsUnknown() {
    refused(subscribe("x".repeat(250)), "unknown-channel");
  }

  @Test
  void aPositionAboveTheHeadIsOutOfRange() {
    ObjectNode subscribe = subscribe(topic);
    subscribe.set("from", Json.read("{\"positions\":{\"" + topic + "\":{\"0\":99,\"1\":0}}}"));
    JsonNode error = refused(subscribe, "offset-out-of-range");
    assertThat(error.path("partition").asInt(-1)).isZero();
    assertThat(error.path("oldest").asLong(-1)).isZero();
    assertThat(error.path("head").asLong(-1)).isEqualTo(3);
  }

  @Test
  void positionsOfAnotherTopicAreInvalid() {
    ObjectNode subscribe = subscribe(topic);
    subscribe.set("from", Json.read("{\"positions\":{\"other\":{\"0\":0}}}"));
    assertThat(refused(subscribe, "invalid").path("field").asText()).startsWith("from.positions");
  }

  @Test
  void theSameSubscriptionTwiceNamesTheFirst() {
    JsonNode first = client.call(subscribe(topic));
    JsonNode error = refused(subscribe(topic), "duplicate-subscription");
    assertThat(error.path("subscription").asLong(-1))
        .isEqualTo(first.path("subscription").asLong());
  }

  @Test
  void aSubscriptionThatIsNotThereCannotBeEnded() {
    refused(Json.message("unsubscribe").put("subscription", 4711), "unknown-subscription");
  }

  @Test
  void aSubscriptionThatWasEndedIsSilent() {
    long number = client.call(subscribe(topic)).path("subscription").asLong();
    JsonNode ended = client.call(Json.message("unsubscribe").put("subscription", number));
    assertThat(ended.path("type").asText()).isEqualTo("unsubscribed");
    Broker.shared().topics().produce(topic, 1, null, "unheard");
    refused(Json.message("unsubscribe").put("subscription", number), "unknown-subscription");
    assertThat(client.kept()).noneMatch(message -> TestClient.isOf(message, "records", number));
  }

  @Test
  void aPartitionThatIsNotThereRefusesItsRecordOnly() {
    ObjectNode publish =
        command(
            """
            {"type":"publish","channel":"%s","records":[{"value":1,"partition":1},{"value":2,"partition":7}]}
            """
                .formatted(topic));
    JsonNode published = client.call(publish);
    assertThat(published.path("type").asText()).as("%s", published).isEqualTo("published");
    assertThat(published.path("records").path(0).path("partition").asInt(-1)).isEqualTo(1);
    assertThat(published.path("records").path(1).path("error").path("code").asText())
        .isEqualTo("invalid");
    goesOn();
  }

  @Test
  void aRecordThatIsTooLargeIsRefused() {
    refused(
        Json.message("publish").put("channel", topic).put("value", "x".repeat(MAX_RECORD)),
        "too-large");
  }

  @Test
  void aMessageThatIsTooLargeClosesWith1009() {
    client.sendText("{\"type\":\"ping\",\"id\":\"" + "x".repeat(MAX_MESSAGE) + "\"}");
    TestClient.Closing closing = client.awaitClosing();
    assertThat(closing.code()).as("%s", closing).isEqualTo(1009);
    assertThat(closing.reason()).contains(Integer.toString(MAX_MESSAGE));
  }

  @Test
  void anUnknownSubprotocolIsRefusedBeforeTheUpgrade() {
    assertThatThrownBy(() -> TestClient.connectOffering(gateway.ws(), "mqtt"))
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refusal -> assertThat(refusal.getResponse().statusCode()).isEqualTo(400));
  }

  @Test
  void withoutASubprotocolJsonIsAssumed() {
    try (TestClient bare = TestClient.connectOffering(gateway.ws(), null)) {
      assertThat(bare.await("welcome").path("protocol").asText()).isEqualTo("sluice.v1");
    }
  }

  @Test
  void aBinaryMessageClosesWith1003() {
    client.sendBinary(new byte[] {'{', '}'});
    assertThat(client.awaitClosing().code()).isEqualTo(1003);
  }
}
