package io.sluice.kafka;

import java.util.Map;

/**
 * How this instance talks to Kafka.
 *
 * @param properties what the user set for the Kafka clients, by Kafka's names without any prefix;
 *     {@code bootstrap.servers} is required
 * @param replayConsumers how many replay reads run at once, 1 or more
 * @param publishQueueRecords records that may be on their way to Kafka at once; more are refused as
 *     busy
 * @param publishQueueBytes bytes of records that may be on their way at once; below the producer's
 *     {@code buffer.memory}, so that a publish is refused rather than made to wait
 */
public record KafkaSettings(
    Map<String, String> properties,
    int replayConsumers,
    int publishQueueRecords,
    long publishQueueBytes) {
  /** Two: one long replay does not hold up the next, and two consumers prefetch 512 KiB. */
  public static final int DEFAULT_REPLAY_CONSUMERS = 2;

  /** 100,000: about half a second of what one producer writes. */
  public static final int DEFAULT_PUBLISH_QUEUE_RECORDS = 100_000;

  /** 16 MiB: a quarter of the producer's {@code buffer.memory} of 64 MiB. */
  public static final long DEFAULT_PUBLISH_QUEUE_BYTES = 16L * 1024 * 1024;

  /**
   * Checks the numbers, and that no setting is there that Sluice owns ({@link KafkaClients#OWNED}).
   */
  public KafkaSettings {
    properties = Map.copyOf(properties);
    KafkaClients.refuseOwned(properties);
    if (properties.getOrDefault("bootstrap.servers", "").isBlank()) {
      throw new IllegalArgumentException(
          "kafka.bootstrap.servers is not set: Sluice does not know its brokers.");
    }
    if (replayConsumers < 1 || publishQueueRecords < 1 || publishQueueBytes < 1) {
      throw new IllegalArgumentException(
          "Replay consumers and the limits of the publish queue must be 1 or more.");
    }
  }

  /** {@code properties} with the defaults for everything else. */
  public static KafkaSettings of(Map<String, String> properties) {
    return new KafkaSettings(
        properties,
        DEFAULT_REPLAY_CONSUMERS,
        DEFAULT_PUBLISH_QUEUE_RECORDS,
        DEFAULT_PUBLISH_QUEUE_BYTES);
  }
}
