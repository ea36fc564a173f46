package io.sluice.kafka;

import io.sluice.kafka.BrokerQuestions.Found;
import io.sluice.log.Catalog;
import io.sluice.log.LogException;
import io.sluice.log.LogFailure;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All topics of the cluster. Which there are is one request; whoever asks while it is on its way
 * shares it. What they look like is asked in pieces, one after the other, so that look-ups of
 * single topics are not held up, and kept for a while.
 *
 * <p>Owned by the catalog's thread. Time is passed in, as {@link System#nanoTime} counts it.
 */
final class ClusterTopics {
  /** How old a description of a topic may be; which topics there are is asked each time. */
  static final Duration KNOWN_FOR = Duration.ofSeconds(10);

  private final BrokerQuestions brokers;
  private final int piece;
  private final Executor thread;
  private final LongSupplier nanoTime;
  private final Consumer<Map<String, TopicId>> onListed;
  private final List<CompletableFuture<Map<String, TopicId>>> idsAsked = new ArrayList<>();
  private final List<CompletableFuture<List<Topic>>> topicsAsked = new ArrayList<>();

  /** What was described since {@link #lastAt}, by ascending names. */
  private Map<String, Topic> last = Map.of();

  private long lastAt;

  /**
   * @param piece how many topics are described by one request
   * @param thread runs tasks on the catalog's thread; it may drop them once it is closed
   * @param onListed hears which topics there are, before anybody else
   */
  ClusterTopics(
      BrokerQuestions brokers,
      int piece,
      Executor thread,
      LongSupplier nanoTime,
      Consumer<Map<String, TopicId>> onListed) {
    this.brokers = brokers;
    this.piece = piece;
    this.thread = thread;
    this.nanoTime = nanoTime;
    this.onListed = onListed;
  }

  /** Completes {@code result} with the identities of all that are shown, by ascending names. */
  void ids(CompletableFuture<Map<String, TopicId>> result) {
    idsAsked.add(result);
    if (idsAsked.size() == 1) {
      comeBack(
          brokers.list(),
          (all, failure) -> {
            List<CompletableFuture<Map<String, TopicId>>> results = List.copyOf(idsAsked);
            idsAsked.clear();
            if (all == null) {
              fail(results, failure);
            } else {
              TreeMap<String, TopicId> shown = new TreeMap<>(all);
              shown.keySet().removeIf(name -> !TopicNames.isShown(name));
              onListed.accept(shown);
              results.forEach(each -> each.complete(Collections.unmodifiableMap(shown)));
            }
          });
    }
  }

  /** Completes {@code result} with all topics that there are now, described lately. */
  void topics(CompletableFuture<List<Topic>> result) {
    topicsAsked.add(result);
    if (topicsAsked.size() == 1) {
      CompletableFuture<Map<String, TopicId>> named = new CompletableFuture<>();
      ids(named);
      comeBack(
          named,
          (ids, failure) -> {
            if (ids == null) {
              failTopics(failure);
            } else {
              describeUnknown(ids);
            }
          });
    }
  }

  private void describeUnknown(Map<String, TopicId> ids) {
    long now = nanoTime.getAsLong();
    if (last.isEmpty() || now - lastAt >= KNOWN_FOR.toNanos()) {
      last = Map.of();
      lastAt = now;
    }
    Map<String, Topic> known = new TreeMap<>();
    List<String> unknown = new ArrayList<>();
    ids.entrySet().stream()
        .limit(Catalog.MOST_TOPICS)
        .forEach(each -> {
          Topic topic = last.get(each.getKey());
          if (topic != null && topic.id().equals(each.getValue())) {
            known.put(topic.name(), topic);
          } else {
            unknown.add(each.getKey());
          }
        });
    describe(unknown, 0, known);
  }

  /** Describes the next piece of {@code names}, those from {@code from} on. */
  private void describe(List<String> names, int from, Map<String, Topic> topics) {
    if (from >= names.size()) {
      last = topics;
      List<Topic> all = List.copyOf(topics.values());
      List<CompletableFuture<List<Topic>>> results = List.copyOf(topicsAsked);
      topicsAsked.clear();
      results.forEach(each -> each.complete(all));
      return;
    }
    List<String> next = names.subList(from, Math.min(names.size(), from + piece));
    comeBack(
        brokers.describe(next),
        (answers, failure) -> {
          if (answers == null) {
            failTopics(failure);
            return;
          }
          // A topic that was deleted since it was listed, or may not be described, is not one.
          for (String name : next) {
            if (answers.get(name) instanceof Found(Topic topic)) {
              topics.put(name, topic);
            }
          }
          describe(names, from + next.size(), topics);
        });
  }

  private void failTopics(@Nullable Throwable failure) {
    List<CompletableFuture<List<Topic>>> results = List.copyOf(topicsAsked);
    topicsAsked.clear();
    fail(results, failure);
  }

  private <T> void comeBack(
      CompletionStage<T> answer, BiConsumer<@Nullable T, @Nullable Throwable> then) {
    answer.whenComplete((found, failure) -> thread.execute(() -> then.accept(found, failure)));
  }

  private static <T> void fail(List<CompletableFuture<T>> results, @Nullable Throwable failure) {
    LogFailure meaning =
        failure == null
            ? new LogFailure.Internal("Kafka listed nothing.")
            : KafkaFailures.ofReading(failure, "the list of topics");
    results.forEach(each -> each.completeExceptionally(new LogException(meaning)));
  }
}
