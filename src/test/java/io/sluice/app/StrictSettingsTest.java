package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.PropertySource.PropertyConvention;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A wrong setting ends the start with one sentence, before anything else is started. */
class StrictSettingsTest {
  /** Nobody listens there; a start that gets so far would not fail, and so the test would. */
  private static final String BROKERS = "kafka.bootstrap.servers";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sluice.websocket.hartbeat      | sluice.websocket.hartbeat is not a setting of Sluice; did you mean sluice.websocket.heartbeat?
          sluice.relay.windowBytez       | sluice.relay.windowBytez is not a setting of Sluice; did you mean sluice.relay.window-bytes?
          sluice.heartbeat               | sluice.heartbeat is not a setting of Sluice; docs/configuration.md lists those that there are.
          sluice.websocket               | sluice.websocket is not a setting of Sluice; docs/configuration.md lists those that there are.
          sluice.a.b.c.d                 | sluice.a.b.c.d is not a setting of Sluice; docs/configuration.md lists those that there are.
          """)
  void anUnknownSettingIsNamedWithTheOneThatWasMeant(String name, String sentence) {
    assertThat(refusal(PropertyConvention.JAVA_PROPERTIES, name, "5")).isEqualTo(sentence);
  }

  @ParameterizedTest
  @CsvSource({
    "SLUICE_WEBSOCKET_HARTBEAT, SLUICE_WEBSOCKET_HEARTBEAT",
    "SLUICE_WEBSOCKET_MAX_MESSAGES_BYTES, SLUICE_WEBSOCKET_MAX_MESSAGE_BYTES",
    "sluice_relay_max_feed, SLUICE_RELAY_MAX_FEEDS",
    "SLUICE_EMBEDDED_KAFKA_PORTS, SLUICE_EMBEDDED_KAFKA_PORT"
  })
  void anUnknownVariableIsNamedWithTheOneThatWasMeant(String name, String meant) {
    assertThat(refusal(PropertyConvention.ENVIRONMENT_VARIABLE, name, "5"))
        .isEqualTo(name + " is not a setting of Sluice; did you mean " + meant + "?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sluice.websocket.heartbeat         | abc        | it must be a time, such as 500ms, 20s or 2m.
          sluice.websocket.heartbeat         | 20         | it must be a time, such as 500ms, 20s or 2m.
          sluice.websocket.heartbeat         | ''         | it must be a time, such as 500ms, 20s or 2m.
          sluice.websocket.echo-enabled      | maybe      | it must be true or false.
          sluice.websocket.max-message-bytes | 2MB        | it must be a whole number up to 2147483647.
          sluice.websocket.max-message-bytes | 5000000000 | it must be a whole number up to 2147483647.
          sluice.relay.window-bytes          | 1.5        | it must be a whole number up to 9223372036854775807.
          """)
  void aValueThatCannotBeReadIsShownWithWhatIsAllowed(String name, String value, String allowed) {
    assertThat(refusal(PropertyConvention.JAVA_PROPERTIES, name, value))
        .isEqualTo(name + " is \"" + value + "\"; " + allowed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sluice.websocket.heartbeat         | 0s    | it must be a time above 0, up to 1d, such as 20s.
          sluice.websocket.stall-timeout     | 25h   | it must be a time above 0, up to 1d, such as 20s.
          sluice.websocket.max-message-bytes | 1023  | it must be from 1024 to 1073741824.
          sluice.session.max-subscriptions   | 0     | it must be from 1 to 1000000.
          sluice.relay.max-feeds             | -1    | it must be 1 or more.
          sluice.relay.feed-window-bytes     | 134217729 | it must not be above sluice.relay.window-bytes, which is 134217728.
          sluice.kafka.replay-consumers      | 0     | it must be from 1 to 1000.
          sluice.shutdown.timeout            | 25h   | it must be a time from 0s to 1d, such as 20s.
          """)
  void aValueOutOfRangeIsShownWithWhatIsAllowed(String name, String value, String allowed) {
    String shown = value.equals("25h") ? "90000s" : value;
    assertThat(refusal(PropertyConvention.JAVA_PROPERTIES, name, value))
        .isEqualTo(name + " is " + shown + "; " + allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "https://shop.example/",
        "https://*.shop.example",
        "https://Shop.example",
        "https://shop.example:443",
        "http://shop.example:80",
        "shop.example",
        "null"
      })
  void anOriginThatNoPageHasIsRefused(String origin) {
    assertThat(
            refusal(PropertyConvention.JAVA_PROPERTIES, "sluice.websocket.allowed-origins", origin))
        .startsWith(
            "sluice.websocket.allowed-origins is \"" + origin + "\"; each must be the origin")
        .endsWith("such as https://shop.example.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://shop.example,http://localhost:8000",
        "http://127.0.0.1:8000",
        "http://[::1]:8000",
        "chrome-extension://abcdefgh",
        ""
      })
  void anOriginThatAPageMayHaveIsTaken(String origins) {
    try (ApplicationContext context =
        context(PropertyConvention.JAVA_PROPERTIES, "sluice.websocket.allowed-origins", origins)) {
      assertThat(context.isRunning()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sluice",
        "sluice.relay",
        "sluice.websocket",
        "sluice.channels",
        "sluice.embedded-kafka"
      })
  void aSectionWithNothingInItSaysNothing(String name) {
    try (ApplicationContext context = context(PropertyConvention.JAVA_PROPERTIES, name, "")) {
      assertThat(context.isRunning()).isTrue();
    }
  }

  @Test
  void theEmbeddedBrokersPortIsNamedToo() {
    assertThat(reason(PropertySource.of("test", Map.of("sluice.embedded-kafka.port", "70000"))))
        .isEqualTo(
            "sluice.embedded-kafka.port is 70000; it must be a port from 1 to 65535, or 0 for any free one.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SLUICE_WEBSOCKET_MAX_MESSAGE_BYTES",
        "SLUICE_EMBEDDED_KAFKA_PORT",
        "SLUICE_LOG_FORMAT",
        "SLUICE_JAVA_OPTS",
        "SLUICE_SERVICE_HOST",
        "SLUICE_SERVICE_PORT_HTTP",
        "SLUICE_PORT",
        "SLUICE_PORT_8080_TCP_ADDR",
        "SLUICE_INTERNAL_PORT_8080_TCP"
      })
  void aVariableThatIsKnownOrThatKubernetesSetsIsTaken(String name) {
    try (ApplicationContext context =
        context(PropertyConvention.ENVIRONMENT_VARIABLE, name, "4096")) {
      assertThat(context.isRunning()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sluice.websocket.maxMessageBytes, 4096",
    "sluice.websocket.max-message-bytes, 4096",
    "sluice.websocket.allowed-origins[0], https://shop.example",
    "sluice.websocket.heartbeat, PT20S"
  })
  void everySpellingOfTheFrameworkIsTaken(String name, String value) {
    try (ApplicationContext context = context(PropertyConvention.JAVA_PROPERTIES, name, value)) {
      assertThat(context.isRunning()).isTrue();
    }
  }

  private static String refusal(PropertyConvention convention, String name, String value) {
    return reason(
        PropertySource.of("test", Map.of(name, value), convention),
        PropertySource.of("brokers", Map.of(BROKERS, "127.0.0.1:1")));
  }

  private static String reason(PropertySource... sources) {
    Throwable failure =
        catchThrowable(() -> ApplicationContext.builder().propertySources(sources).start().close());
    assertThat(failure).as("the start").isNotNull();
    return Sluice.reason(failure);
  }

  private static ApplicationContext context(
      PropertyConvention convention, String name, String value) {
    return ApplicationContext.builder()
        .propertySources(
            PropertySource.of("test", Map.of(name, value), convention),
            PropertySource.of("brokers", Map.of(BROKERS, "127.0.0.1:1")))
        .start();
  }
}
