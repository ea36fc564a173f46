package io.sluice.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics of the live demo: their names and settings, and how they come into being. */
final class DemoTopics {
  static final String HOST = "demo.host";
  static final String JVM = "demo.jvm";
  static final String GATEWAY = "demo.gateway";
  static final String CHAT = "demo.chat";

  private static final Duration MEASUREMENT_RETENTION = Duration.ofMinutes(10);
  private static final Duration CHAT_RETENTION = Duration.ofDays(7);

  /** Only closed segments are deleted: a fifth of the retention keeps what is kept near to it. */
  private static final Duration MEASUREMENT_SEGMENT = Duration.ofMinutes(2);

  /** The smallest that Kafka 4 allows (KIP-1030). */
  private static final int SEGMENT_BYTES = 1024 * 1024;

  private DemoTopics() {}

  static List<NewTopic> all() {
    return List.of(measurements(HOST), measurements(JVM), measurements(GATEWAY), chat());
  }

  /**
   * Makes the topics that are missing; one that exists is left as it is.
   *
   * @throws ExecutionException when Kafka refuses
   * @throws TimeoutException when Kafka does not answer within the patience
   */
  static void ensure(Admin admin, Duration patience)
      throws ExecutionException, TimeoutException, InterruptedException {
    Set<String> there = admin.listTopics().names().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    List<NewTopic> missing = new ArrayList<>(all());
    missing.removeIf(topic -> there.contains(topic.name()));
    if (missing.isEmpty()) {
      return;
    }
    for (var creation : admin.createTopics(missing).values().values()) {
      try {
        creation.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException failure) {
        if (!(failure.getCause() instanceof TopicExistsException)) { // Somebody else was faster.
          throw failure;
        }
      }
    }
  }

  private static NewTopic measurements(String name) {
    return topic(
        name,
        Map.of(
            TopicConfig.RETENTION_MS_CONFIG, millis(MEASUREMENT_RETENTION),
            TopicConfig.SEGMENT_MS_CONFIG, millis(MEASUREMENT_SEGMENT),
            TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(SEGMENT_BYTES)));
  }

  private static NewTopic chat() {
    return topic(CHAT, Map.of(TopicConfig.RETENTION_MS_CONFIG, millis(CHAT_RETENTION)));
  }

  /** One partition, so that all metrics keep one order; as many replicas as the brokers say. */
  private static NewTopic topic(String name, Map<String, String> settings) {
    return new NewTopic(name, Optional.of(1), Optional.empty()).configs(settings);
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }
}
