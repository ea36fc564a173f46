package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.sluice.kafka.KafkaLog;
import io.sluice.logging.LogKeys;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What the Kafka clients are told comes from everywhere, and each setting by itself. */
class KafkaPropertiesTest {
  private static final PropertySource FILE =
      Configured.file(
          """
          kafka:
            bootstrap.servers: ["127.0.0.1:1", "127.0.0.1:2"]
            client.id: filed
            ssl:
              endpoint.identification.algorithm: https
          """);

  @Test
  void aFileIsReadInItsSections() {
    assertThat(properties(FILE))
        .containsOnly(
            entry("bootstrap.servers", "127.0.0.1:1,127.0.0.1:2"),
            entry("client.id", "filed"),
            entry("ssl.endpoint.identification.algorithm", "https"));
  }

  @Test
  void theEnvironmentAddsToAFileAndGoesBeforeIt() {
    assertThat(
            properties(
                FILE,
                Configured.environment(
                    Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        "127.0.0.1:3",
                        "KAFKA_RECEIVE_BUFFER_BYTES",
                        "65536"))))
        .contains(
            entry("bootstrap.servers", "127.0.0.1:3"),
            entry("receive.buffer.bytes", "65536"),
            entry("client.id", "filed"));
  }

  @Test
  void argumentsGoBeforeBoth() {
    assertThat(
            properties(
                FILE,
                Configured.environment(Map.of("KAFKA_CLIENT_ID", "environment")),
                Configured.arguments("-kafka.client.id=argued")))
        .contains(entry("client.id", "argued"));
  }

  @Test
  void whatKubernetesSetsBesideAServiceOfThatNameIsNone() {
    assertThat(
            properties(
                Configured.environment(
                    Map.of(
                        "KAFKA_PORT", "tcp://10.0.0.1:9092",
                        "KAFKA_SERVICE_HOST", "10.0.0.1",
                        "KAFKA_PORT_9092_TCP_ADDR", "10.0.0.1",
                        "KAFKA_BOOTSTRAP_SERVICE_PORT_HTTP", "9092",
                        "KAFKA_SEND_BUFFER_BYTES", "4096"))))
        .containsOnlyKeys("bootstrap.servers", "send.buffer.bytes");
  }

  @Test
  void aSettingThatNoClientKnowsIsWarnedAboutByNameWithoutItsValue() {
    Logger logger = (Logger) LoggerFactory.getLogger(KafkaLog.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      properties(Configured.environment(Map.of("KAFKA_CLIENT_IDD", "secret")));
    } finally {
      logger.detachAppender(lines);
    }
    assertThat(lines.list.stream().map(ILoggingEvent::getFormattedMessage))
        .containsExactly("kafka.client.idd is a setting that no Kafka client knows.");
    assertThat(lines.list.getFirst().getKeyValuePairs())
        .containsExactly(new KeyValuePair(LogKeys.SETTING, "kafka.client.idd"));
  }

  private static Map<String, String> properties(PropertySource... sources) {
    try (ApplicationContext context = Configured.start(sources)) {
      return context.getBean(KafkaProperties.class).byName();
    }
  }
}
