package io.sluice.kafka;

import io.sluice.log.Isolation;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Brokers in memory: topics by name, and a list of what was asked. While held, they answer nothing.
 */
class FakeBrokers implements BrokerQuestions {
  final Map<String, Topic> topics = new ConcurrentHashMap<>();
  private final List<Collection<String>> asked = new ArrayList<>();
  private final List<Runnable> held = new ArrayList<>();
  private boolean holding;
  private int lists;

  /** What asking for all names fails with, while it is set. */
  volatile @Nullable RuntimeException failList;

  void create(String name, int partitions) {
    topics.put(name, new Topic(name, new TopicId("id-" + System.nanoTime()), partitions));
  }

  synchronized void hold() {
    holding = true;
  }

  /** Answers what was asked since {@link #hold}, and from now on at once. */
  void release() {
    List<Runnable> answers;
    synchronized (this) {
      holding = false;
      answers = List.copyOf(held);
      held.clear();
    }
    answers.forEach(Runnable::run);
  }

  synchronized List<Collection<String>> asked() {
    return List.copyOf(asked);
  }

  @Override
  public CompletionStage<Map<String, Answer>> describe(Collection<String> names) {
    CompletableFuture<Map<String, Answer>> result = new CompletableFuture<>();
    Runnable answer =
        () ->
            result.complete(
                names.stream().collect(Collectors.toMap(Function.identity(), this::answer)));
    synchronized (this) {
      asked.add(List.copyOf(names));
      if (holding) {
        held.add(answer);
        return result;
      }
    }
    answer.run();
    return result;
  }

  @Override
  public CompletionStage<Map<String, TopicId>> list() {
    CompletableFuture<Map<String, TopicId>> result = new CompletableFuture<>();
    RuntimeException failure = failList;
    Runnable answer =
        failure == null
            ? () ->
                result.complete(
                    topics.values().stream().collect(Collectors.toMap(Topic::name, Topic::id)))
            : () -> result.completeExceptionally(failure);
    synchronized (this) {
      lists++;
      if (holding) {
        held.add(answer);
        return result;
      }
    }
    answer.run();
    return result;
  }

  /** How often all topics were asked for. */
  synchronized int lists() {
    return lists;
  }

  @Override
  public Map<Partition, CompletionStage<Long>> heads(Collection<Partition> partitions) {
    return untold(partitions);
  }

  @Override
  public Map<Partition, CompletionStage<Long>> highWatermarks(Collection<Partition> partitions) {
    return untold(partitions);
  }

  @Override
  public Map<Partition, CompletionStage<Long>> oldest(Collection<Partition> partitions) {
    return untold(partitions);
  }

  @Override
  public Map<Partition, CompletionStage<OptionalLong>> firstSince(
      long timestamp, Collection<Partition> partitions, Isolation isolation) {
    return untold(partitions);
  }

  private static <T> Map<Partition, CompletionStage<T>> untold(Collection<Partition> partitions) {
    return partitions.stream()
        .collect(
            Collectors.toMap(
                Function.identity(),
                partition -> CompletableFuture.failedFuture(new TimeoutException())));
  }

  @Override
  public CompletionStage<Long> maxMessageBytes(String topic) {
    return CompletableFuture.completedFuture(1_000L);
  }

  private Answer answer(String name) {
    Topic topic = topics.get(name);
    return topic == null ? new Missing(new LogFailure.UnknownTopic(name)) : new Found(topic);
  }
}
