package io.sluice.kafka;

import io.sluice.log.LogException;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Questions about one kind of offset. Of a partition one is on its way at a time; what is asked
 * meanwhile goes out together when that is answered, so that no answer is older than its question:
 * ten thousand clients that come at once ask a few times.
 *
 * <p>Owned by the catalog's thread, but for {@link #of}.
 *
 * @param <T> what the answer for one partition is
 */
final class OffsetLookups<T> {
  private final Function<Collection<Partition>, Map<Partition, CompletionStage<T>>> brokers;
  private final Executor thread;
  private final Set<Partition> asked = new HashSet<>();
  private final Map<Partition, CompletableFuture<T>> waiting = new HashMap<>();

  /** Those that are waited for and may be asked about now. */
  private final Set<Partition> free = new LinkedHashSet<>();

  private boolean sending;

  /**
   * @param brokers asks about some partitions, at once
   * @param thread runs tasks on the catalog's thread; it may drop them once it is closed
   */
  OffsetLookups(
      Function<Collection<Partition>, Map<Partition, CompletionStage<T>>> brokers,
      Executor thread) {
    this.brokers = brokers;
    this.thread = thread;
  }

  /** The offsets of {@code partitions}; fails where that of one is not told. Any thread. */
  CompletionStage<Map<Partition, T>> of(Collection<Partition> partitions) {
    CompletableFuture<Map<Partition, T>> result = new CompletableFuture<>();
    thread.execute(() -> place(partitions, result));
    return result;
  }

  private void place(
      Collection<Partition> partitions, CompletableFuture<Map<Partition, T>> result) {
    Map<Partition, CompletableFuture<T>> answers = HashMap.newHashMap(partitions.size());
    for (Partition partition : partitions) {
      answers.put(partition, waiting.computeIfAbsent(partition, key -> new CompletableFuture<>()));
      if (!asked.contains(partition)) {
        free.add(partition);
      }
    }
    CompletableFuture.allOf(answers.values().toArray(new CompletableFuture<?>[0]))
        .whenComplete((all, failure) -> {
          if (failure != null) {
            result.completeExceptionally(failure);
            return;
          }
          Map<Partition, T> offsets = HashMap.newHashMap(answers.size());
          answers.forEach((partition, answer) -> offsets.put(partition, answer.join()));
          result.complete(offsets);
        });
    sendSoon();
  }

  /** After what has come meanwhile: many who come together are one request. */
  private void sendSoon() {
    if (!sending && !free.isEmpty()) {
      sending = true;
      thread.execute(this::send);
    }
  }

  private void send() {
    sending = false;
    List<Partition> partitions = new ArrayList<>(free);
    free.clear();
    asked.addAll(partitions);
    Map<Partition, CompletableFuture<T>> answers = HashMap.newHashMap(partitions.size());
    for (Partition partition : partitions) {
      CompletableFuture<T> answer = waiting.remove(partition);
      if (answer != null) {
        answers.put(partition, answer);
      }
    }
    Map<Partition, CompletionStage<T>> told = brokers.apply(partitions);
    answers.forEach((partition, answer) -> {
      CompletionStage<T> stage = told.get(partition);
      if (stage == null) {
        settle(partition, answer, null, null);
      } else {
        stage.whenComplete(
            (found, failure) -> thread.execute(() -> settle(partition, answer, found, failure)));
      }
    });
  }

  private void settle(
      Partition partition,
      CompletableFuture<T> answer,
      @Nullable T found,
      @Nullable Throwable failure) {
    asked.remove(partition);
    if (waiting.containsKey(partition)) {
      free.add(partition);
      sendSoon();
    }
    if (found != null) {
      answer.complete(found);
    } else {
      answer.completeExceptionally(new LogException(meaning(partition, failure)));
    }
  }

  private static LogFailure meaning(Partition partition, @Nullable Throwable failure) {
    return failure == null
        ? new LogFailure.Unavailable("Kafka did not answer about " + partition + ".")
        : KafkaFailures.ofReading(failure, partition.topic());
  }
}
