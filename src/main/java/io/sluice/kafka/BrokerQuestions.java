package io.sluice.kafka;

import io.sluice.log.Isolation;
import io.sluice.log.LogException;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * What the brokers are asked. Nothing blocks and nothing creates a topic; every stage completes
 * within about five seconds, on a thread where one must not wait, with an exception of Kafka's
 * where it fails. What is asked of several partitions is one request to each of their leaders, and
 * has an answer for each partition: one without a leader holds up no other. Any thread.
 */
interface BrokerQuestions {
  /** One answer for each name, in one request. */
  CompletionStage<Map<String, Answer>> describe(Collection<String> names);

  /** The identities of all topics by name, internal ones left out, in one request. */
  CompletionStage<Map<String, TopicId>> list();

  /** The last stable offset of each partition. */
  Map<Partition, CompletionStage<Long>> heads(Collection<Partition> partitions);

  /** The high watermark of each partition: above it where a transaction is open. */
  Map<Partition, CompletionStage<Long>> highWatermarks(Collection<Partition> partitions);

  /** The first offset of each partition. */
  Map<Partition, CompletionStage<Long>> oldest(Collection<Partition> partitions);

  /**
   * The first offset of each partition whose record has {@code timestamp} or later; empty where
   * none has it that readers of {@code isolation} see.
   */
  Map<Partition, CompletionStage<OptionalLong>> firstSince(
      long timestamp, Collection<Partition> partitions, Isolation isolation);

  /** The largest batch of records that {@code topic} takes, in bytes. */
  CompletionStage<Long> maxMessageBytes(String topic);

  /** What the brokers say about one name. */
  sealed interface Answer {}

  /** The topic is there. */
  record Found(Topic topic) implements Answer {}

  /** It is not there, or it cannot be told. */
  record Missing(LogFailure failure) implements Answer {
    LogException asException() {
      return new LogException(failure);
    }

    boolean isCertain() {
      return failure instanceof LogFailure.UnknownTopic;
    }
  }
}
