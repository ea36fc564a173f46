package io.sluice.testing;

import java.util.Map;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** Kafka's own image in a container, through Testcontainers. */
final class ContainerBroker implements BrokerServer {
  private static final DockerImageName IMAGE =
      DockerImageName.parse("apache/kafka:" + System.getProperty("build.kafka.version"));

  /** What the embedded broker has too, so that tests find the same with both. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false",
          "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0",
          "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "3",
          "KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "3",
          "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_NUM_PARTITIONS", "3");

  private final KafkaContainer container;

  private ContainerBroker(KafkaContainer container) {
    this.container = container;
  }

  /**
   * Starts one; returns when it serves.
   *
   * @throws RuntimeException when there is no engine, or no image to be had
   */
  static ContainerBroker start() {
    KafkaContainer container = new KafkaContainer(IMAGE).withEnv(SETTINGS);
    container.start();
    return new ContainerBroker(container);
  }

  @Override
  public String bootstrapServers() {
    return container.getBootstrapServers();
  }

  @Override
  public void close() {
    container.stop();
  }

  @Override
  public String toString() {
    return "in a container of " + IMAGE + " at " + bootstrapServers();
  }
}
