package io.sluice.kafka;

import io.sluice.kafka.BrokerQuestions.Answer;
import io.sluice.kafka.BrokerQuestions.Missing;
import io.sluice.log.LogFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Questions about what topics are. Of a name one is on its way at a time, many names are one
 * request, and a few requests are on their way: a hundred thousand names are 500 small requests,
 * one after the other.
 *
 * <p>Owned by the catalog's thread.
 *
 * @param <R> what those who ask are told
 */
final class TopicQuestions<R> {
  /** Names in one request: 200 of at most 249 characters stay below 64 KiB. */
  static final int NAMES_PER_REQUEST = 200;

  /** Two: the next batch is under way while one is being answered. */
  private static final int REQUESTS_AT_ONCE = 2;

  private final BrokerQuestions brokers;
  private final Executor thread;
  private final Asker<R> asker;

  // Names leave in the order in which they came.
  private final Map<String, List<CompletableFuture<R>>> waiting = new LinkedHashMap<>();
  private final Map<String, List<CompletableFuture<R>>> asked = new HashMap<>();
  private int requests;

  /**
   * @param thread runs tasks on the catalog's thread; it may drop them once it is closed
   * @param asker hears the answers
   */
  TopicQuestions(BrokerQuestions brokers, Executor thread, Asker<R> asker) {
    this.brokers = brokers;
    this.thread = thread;
    this.asker = asker;
  }

  /** Takes the answers, on the catalog's thread. */
  interface Asker<R> {
    /** What {@code name} is, and who has asked. */
    void onAnswer(String name, Answer answer, List<CompletableFuture<R>> results);
  }

  /** Names that wait to be asked about. */
  int waiting() {
    return waiting.size();
  }

  /** True while nobody has asked about {@code name} yet. */
  boolean isWaiting(String name) {
    return waiting.containsKey(name);
  }

  /** True while an answer about {@code name} is waited for. */
  boolean isAsking(String name) {
    return waiting.containsKey(name) || asked.containsKey(name);
  }

  /** True where an answer about {@code name} is on its way; {@code result} gets it too. */
  boolean share(String name, CompletableFuture<R> result) {
    List<CompletableFuture<R>> others = asked.get(name);
    return others != null && others.add(result);
  }

  /** Asks about {@code name}: after those who did before, and after what is on its way about it. */
  void ask(String name, List<CompletableFuture<R>> results) {
    waiting.computeIfAbsent(name, key -> new ArrayList<>(1)).addAll(results);
    send();
  }

  private void send() {
    while (requests < REQUESTS_AT_ONCE) {
      List<String> names =
          waiting.keySet().stream()
              .filter(name -> !asked.containsKey(name))
              .limit(NAMES_PER_REQUEST)
              .toList();
      if (names.isEmpty()) {
        return;
      }
      for (String name : names) {
        asked.put(name, takeFrom(waiting, name));
      }
      requests++;
      brokers
          .describe(names)
          .whenComplete(
              (answers, failure) -> thread.execute(() -> onAnswers(names, answers, failure)));
    }
  }

  private void onAnswers(
      List<String> names, @Nullable Map<String, Answer> answers, @Nullable Throwable failure) {
    requests--;
    Map<String, List<CompletableFuture<R>>> results = HashMap.newHashMap(names.size());
    names.forEach(name -> results.put(name, takeFrom(asked, name)));
    for (String name : names) {
      Answer answer = answers == null ? null : answers.get(name);
      asker.onAnswer(
          name, answer == null ? unanswered(name, failure) : answer, takeFrom(results, name));
    }
    send();
  }

  private static <R> List<CompletableFuture<R>> takeFrom(
      Map<String, List<CompletableFuture<R>>> askers, String name) {
    List<CompletableFuture<R>> its = askers.remove(name);
    return its == null ? new ArrayList<>() : its;
  }

  private static Missing unanswered(String name, @Nullable Throwable failure) {
    return new Missing(
        failure == null
            ? new LogFailure.Unavailable("Kafka did not answer about " + name + ".")
            : KafkaFailures.ofReading(failure, name));
  }
}
