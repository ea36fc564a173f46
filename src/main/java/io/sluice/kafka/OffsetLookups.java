package io.sluice.kafka;

import io.sluice.log.LogException;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Questions about one kind of offset. Of a partition one is on its way at a time; what is asked
 * meanwhile goes out together when that is answered, so that no answer is older than its question:
 * ten thousand clients that come at once ask a few times.
 *
 * <p>Owned by the catalog's thread, but for {@link #of}.
 */
final class OffsetLookups {
  private final Function<Collection<Partition>, CompletionStage<Map<Partition, Long>>> brokers;
  private final Executor thread;
  private final Set<Partition> asked = new HashSet<>();
  private final Map<Partition, CompletableFuture<Long>> waiting = new HashMap<>();

  /**
   * @param brokers asks about some partitions, in one request
   * @param thread runs tasks on the catalog's thread; it may drop them once it is closed
   */
  OffsetLookups(
      Function<Collection<Partition>, CompletionStage<Map<Partition, Long>>> brokers,
      Executor thread) {
    this.brokers = brokers;
    this.thread = thread;
  }

  /** The offsets of {@code partitions}. Any thread. */
  CompletionStage<Map<Partition, Long>> of(Collection<Partition> partitions) {
    CompletableFuture<Map<Partition, Long>> result = new CompletableFuture<>();
    thread.execute(() -> place(partitions, result));
    return result;
  }

  private void place(
      Collection<Partition> partitions, CompletableFuture<Map<Partition, Long>> result) {
    Map<Partition, CompletableFuture<Long>> answers = HashMap.newHashMap(partitions.size());
    List<Partition> free = new ArrayList<>();
    for (Partition partition : partitions) {
      answers.put(
          partition, waiting.computeIfAbsent(partition, key -> new CompletableFuture<>()));
      if (!asked.contains(partition)) {
        free.add(partition);
      }
    }
    send(free);
    CompletableFuture.allOf(answers.values().toArray(new CompletableFuture<?>[0]))
        .whenComplete((all, failure) -> {
          if (failure != null) {
            result.completeExceptionally(failure);
            return;
          }
          Map<Partition, Long> offsets = HashMap.newHashMap(answers.size());
          answers.forEach((partition, answer) -> offsets.put(partition, answer.join()));
          result.complete(offsets);
        });
  }

  private void send(List<Partition> partitions) {
    if (partitions.isEmpty()) {
      return;
    }
    Map<Partition, CompletableFuture<Long>> answers = HashMap.newHashMap(partitions.size());
    for (Partition partition : partitions) {
      CompletableFuture<Long> answer = waiting.remove(partition);
      if (answer != null) {
        answers.put(partition, answer);
      }
    }
    asked.addAll(answers.keySet());
    brokers
        .apply(answers.keySet())
        .whenComplete((found, failure) ->
            thread.execute(() -> {
              asked.removeAll(answers.keySet());
              answers.forEach((partition, answer) -> {
                Long offset = found == null ? null : found.get(partition);
                if (offset != null) {
                  answer.complete(offset);
                } else {
                  answer.completeExceptionally(failure != null ? failure : untold(partition));
                }
              });
              send(partitions.stream().filter(waiting::containsKey).toList());
            }));
  }

  private static LogException untold(Partition partition) {
    return new LogException(
        new LogFailure.Unavailable("Kafka did not answer about " + partition + "."));
  }
}
