package io.sluice.kafka;

import io.sluice.log.Isolation;
import io.sluice.log.Partition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Questions about the first offset since a time. Those of the same time share their answers; of
 * different times a few are asked at once, and the others wait in the order in which they came.
 *
 * <p>Owned by the catalog's thread, but for {@link #of}.
 */
final class SinceLookups {
  /** Kafka's Admin has one request to a broker on its way, and gives all of them 5 s. */
  static final int TIMES_AT_ONCE = 16;

  private final BrokerQuestions brokers;
  private final Executor thread;
  private final Map<Since, Asked> asked = new HashMap<>();
  private final Map<Since, List<Question>> waiting = new LinkedHashMap<>();

  /**
   * @param thread runs tasks on the catalog's thread; it may drop them once it is closed
   */
  SinceLookups(BrokerQuestions brokers, Executor thread) {
    this.brokers = brokers;
    this.thread = thread;
  }

  /** The offsets of {@code partitions}; fails where that of one is not told. Any thread. */
  CompletionStage<Map<Partition, OptionalLong>> of(
      long timestamp, Isolation isolation, Collection<Partition> partitions) {
    Question question = new Question(partitions, new CompletableFuture<>());
    thread.execute(() -> place(new Since(timestamp, isolation), question));
    return question.result;
  }

  private void place(Since since, Question question) {
    if (asked.containsKey(since) || asked.size() < TIMES_AT_ONCE) {
      ask(since, question);
    } else {
      waiting.computeIfAbsent(since, key -> new ArrayList<>(1)).add(question);
    }
  }

  private void ask(Since since, Question question) {
    Asked its = asked.computeIfAbsent(since, key -> new Asked(lookups(key)));
    its.questions++;
    its.lookups
        .of(question.partitions)
        .whenComplete((found, failure) ->
            thread.execute(() -> {
              if (--its.questions == 0) {
                asked.remove(since);
                askNext();
              }
              if (found != null) {
                question.result.complete(found);
              } else if (failure != null) {
                question.result.completeExceptionally(failure);
              }
            }));
  }

  private void askNext() {
    Iterator<Map.Entry<Since, List<Question>>> first = waiting.entrySet().iterator();
    if (first.hasNext()) {
      Map.Entry<Since, List<Question>> next = first.next();
      first.remove();
      next.getValue().forEach(question -> ask(next.getKey(), question));
    }
  }

  private OffsetLookups<OptionalLong> lookups(Since since) {
    return new OffsetLookups<>(
        partitions -> brokers.firstSince(since.timestamp, partitions, since.isolation), thread);
  }

  private record Since(long timestamp, Isolation isolation) {}

  private record Question(
      Collection<Partition> partitions, CompletableFuture<Map<Partition, OptionalLong>> result) {}

  private static final class Asked {
    final OffsetLookups<OptionalLong> lookups;
    int questions;

    Asked(OffsetLookups<OptionalLong> lookups) {
      this.lookups = lookups;
    }
  }
}
