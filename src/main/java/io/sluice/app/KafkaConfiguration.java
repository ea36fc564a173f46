package io.sluice.app;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * {@code sluice.kafka.*}: how much this instance asks of Kafka at once. What the Kafka clients take
 * is in {@code kafka.*}.
 *
 * @param replayConsumers how many replay reads run at once
 * @param publishQueueRecords records that may be on their way to Kafka at once; more are refused
 * @param publishQueueBytes bytes of records that may be on their way to Kafka at once; more are
 *     refused
 */
@ConfigurationProperties("sluice.kafka")
record KafkaConfiguration(
    @Bindable(defaultValue = "2") int replayConsumers,
    @Bindable(defaultValue = "100000") int publishQueueRecords,
    @Bindable(defaultValue = "16777216") long publishQueueBytes) {
  KafkaConfiguration {
    Settings.within("sluice.kafka.replay-consumers", replayConsumers, 1, 1_000);
    Settings.within(
        "sluice.kafka.publish-queue-records", publishQueueRecords, 1, Integer.MAX_VALUE);
    Settings.within("sluice.kafka.publish-queue-bytes", publishQueueBytes, 1, Long.MAX_VALUE);
  }
}
