package io.sluice.kafka;

import io.sluice.log.Isolation;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** Asks the brokers through one {@link Admin}; stages complete on the Admin's own thread. */
final class AdminQuestions implements BrokerQuestions {
  private static final int TIMEOUT_MS = KafkaClients.REQUEST_TIMEOUT_MS;

  /** What brokers answer where no record has the time that was asked for. */
  private static final long NO_OFFSET = -1;

  private final Admin admin;
  private final KafkaCounters counters;

  AdminQuestions(Admin admin, KafkaCounters counters) {
    this.admin = admin;
    this.counters = counters;
  }

  @Override
  public CompletionStage<Map<String, Answer>> describe(Collection<String> names) {
    counters.describeRequests.increment();
    Map<String, KafkaFuture<TopicDescription>> futures;
    try {
      futures =
          admin
              .describeTopics(names, new DescribeTopicsOptions().timeoutMs(TIMEOUT_MS))
              .topicNameValues();
    } catch (KafkaException | IllegalStateException e) {
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<Map<String, Answer>> result = new CompletableFuture<>();
    KafkaFuture.allOf(futures.values().toArray(new KafkaFuture<?>[0]))
        .whenComplete((done, someFailed) -> result.complete(answers(futures)));
    return result;
  }

  @Override
  public CompletionStage<Map<String, TopicId>> list() {
    counters.listRequests.increment();
    try {
      return admin
          .listTopics(new ListTopicsOptions().listInternal(false).timeoutMs(TIMEOUT_MS))
          .listings()
          .thenApply(listings ->
              listings.stream()
                  .collect(
                      Collectors.toMap(
                          TopicListing::name, each -> new TopicId(each.topicId().toString()))))
          .toCompletionStage();
    } catch (KafkaException | IllegalStateException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public Map<Partition, CompletionStage<Long>> heads(Collection<Partition> partitions) {
    return offsets(
        partitions,
        OffsetSpec.latest(),
        IsolationLevel.READ_COMMITTED,
        ListOffsetsResultInfo::offset);
  }

  @Override
  public Map<Partition, CompletionStage<Long>> highWatermarks(Collection<Partition> partitions) {
    return offsets(
        partitions,
        OffsetSpec.latest(),
        IsolationLevel.READ_UNCOMMITTED,
        ListOffsetsResultInfo::offset);
  }

  @Override
  public Map<Partition, CompletionStage<Long>> oldest(Collection<Partition> partitions) {
    return offsets(
        partitions,
        OffsetSpec.earliest(),
        IsolationLevel.READ_COMMITTED,
        ListOffsetsResultInfo::offset);
  }

  @Override
  public Map<Partition, CompletionStage<OptionalLong>> firstSince(
      long timestamp, Collection<Partition> partitions, Isolation isolation) {
    return offsets(
        partitions,
        OffsetSpec.forTimestamp(timestamp),
        switch (isolation) {
          case READ_COMMITTED -> IsolationLevel.READ_COMMITTED;
          case READ_UNCOMMITTED -> IsolationLevel.READ_UNCOMMITTED;
        },
        found ->
            found.offset() == NO_OFFSET ? OptionalLong.empty() : OptionalLong.of(found.offset()));
  }

  @Override
  public CompletionStage<Long> maxMessageBytes(String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      return admin
          .describeConfigs(List.of(resource), new DescribeConfigsOptions().timeoutMs(TIMEOUT_MS))
          .all()
          .thenApply(configs ->
              Long.valueOf(valueOf(configs.get(resource), TopicConfig.MAX_MESSAGE_BYTES_CONFIG)))
          .toCompletionStage();
    } catch (KafkaException | IllegalStateException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static String valueOf(@Nullable Config config, String name) {
    ConfigEntry entry = config == null ? null : config.get(name);
    if (entry == null) {
      throw new IllegalStateException("The brokers did not say " + name + ".");
    }
    return entry.value();
  }

  private <T> Map<Partition, CompletionStage<T>> offsets(
      Collection<Partition> partitions,
      OffsetSpec which,
      IsolationLevel isolation,
      Function<ListOffsetsResultInfo, T> read) {
    Map<TopicPartition, OffsetSpec> wanted = HashMap.newHashMap(partitions.size());
    partitions.forEach(partition -> wanted.put(Records.toKafka(partition), which));
    Map<Partition, CompletionStage<T>> result = HashMap.newHashMap(partitions.size());
    try {
      ListOffsetsResult asked =
          admin.listOffsets(wanted, new ListOffsetsOptions(isolation).timeoutMs(TIMEOUT_MS));
      for (Partition partition : partitions) {
        result.put(
            partition,
            asked
                .partitionResult(Records.toKafka(partition))
                .thenApply(read::apply)
                .toCompletionStage());
      }
    } catch (KafkaException | IllegalStateException e) {
      partitions.forEach(partition -> result.put(partition, CompletableFuture.failedFuture(e)));
    }
    return result;
  }

  private static Map<String, Answer> answers(Map<String, KafkaFuture<TopicDescription>> futures) {
    Map<String, Answer> result = HashMap.newHashMap(futures.size());
    futures.forEach((name, future) ->
        future.whenComplete(
            (description, failure) -> result.put(name, answer(name, description, failure))));
    return result;
  }

  private static Answer answer(
      String name, @Nullable TopicDescription description, @Nullable Throwable failure) {
    if (description == null) {
      LogFailure meaning =
          failure == null
              ? new LogFailure.Internal("Kafka described nothing.")
              : KafkaFailures.ofReading(failure, name);
      return new Missing(meaning);
    }
    if (description.isInternal()) {
      return new Missing(new LogFailure.UnknownTopic(name));
    }
    TopicId id = new TopicId(description.topicId().toString());
    return new Found(new Topic(name, id, description.partitions().size()));
  }
}
