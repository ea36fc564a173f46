package io.sluice.kafka;

import io.sluice.kafka.BrokerQuestions.Answer;
import io.sluice.kafka.BrokerQuestions.Found;
import io.sluice.kafka.BrokerQuestions.Missing;
import io.sluice.log.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * What becomes of topics: those that are watched are described again and again, and any one when
 * something hints that it is not what it was. The listeners are told what has happened.
 *
 * <p>Owned by the catalog's thread.
 */
final class TopicRounds {
  /**
   * A topic counts as deleted when it is missing twice, so far apart; what was made again meanwhile
   * is recreated.
   */
  private static final long MAKE_SURE_AFTER_MS = 500;

  private final TopicCache cache;
  private final TopicWatch watch;
  private final TaskThread thread;
  private final LongSupplier nanoTime;
  private final TopicQuestions<TopicChange> first;
  private final TopicQuestions<TopicChange> second;

  /** Who waits for topics that were missing once, and are asked about again in a moment. */
  private final Map<String, List<CompletableFuture<TopicChange>>> missed = new HashMap<>();

  TopicRounds(
      BrokerQuestions brokers,
      TopicCache cache,
      TopicWatch watch,
      TaskThread thread,
      LongSupplier nanoTime) {
    this.cache = cache;
    this.watch = watch;
    this.thread = thread;
    this.nanoTime = nanoTime;
    this.first = new TopicQuestions<>(brokers, thread::execute, this::onFirst);
    this.second = new TopicQuestions<>(brokers, thread::execute, this::onSecond);
  }

  /**
   * Describes {@code name} anew, tells the listeners what happened to it, and then {@code result}.
   * Many who come together share an answer, which is never older than a question.
   */
  void refresh(String name, CompletableFuture<TopicChange> result) {
    List<CompletableFuture<TopicChange>> others = missed.get(name);
    if (others == null) {
      first.ask(name, List.of(result));
    } else {
      others.add(result);
    }
  }

  /** Does so with every topic that is watched. */
  void sweep() {
    for (String name : watch.names()) {
      if (!missed.containsKey(name)) {
        first.ask(name, List.of());
      }
    }
  }

  private void onFirst(String name, Answer answer, List<CompletableFuture<TopicChange>> results) {
    switch (answer) {
      case Missing missing when missing.isCertain() -> {
        List<CompletableFuture<TopicChange>> others = missed.get(name);
        if (others == null) {
          missed.put(name, new ArrayList<>(results));
          thread.schedule(() -> makeSure(name), MAKE_SURE_AFTER_MS);
        } else {
          others.addAll(results);
        }
      }
      case Missing missing ->
          results.forEach(each -> each.completeExceptionally(missing.asException()));
      case Found(Topic topic) -> tell(results, compareWithLast(topic));
    }
  }

  private void makeSure(String name) {
    List<CompletableFuture<TopicChange>> results = missed.remove(name);
    second.ask(name, results == null ? List.of() : results);
  }

  private void onSecond(String name, Answer answer, List<CompletableFuture<TopicChange>> results) {
    switch (answer) {
      case Missing missing when missing.isCertain() -> {
        cache.learn(name, missing, nanoTime.getAsLong());
        watch.compare(name, null);
        tell(results, TopicChange.DELETED);
      }
      case Missing missing ->
          results.forEach(each -> each.completeExceptionally(missing.asException()));
      case Found(Topic topic) -> tell(results, compareWithLast(topic));
    }
  }

  /**
   * A topic that nobody watches is compared with the cache: whoever read the old one has lost it.
   */
  private TopicChange compareWithLast(Topic now) {
    Topic last = cache.last(now.name());
    cache.found(now, nanoTime.getAsLong());
    if (watch.isWatched(now.name())) {
      return watch.compare(now.name(), now);
    }
    return last != null && !last.id().equals(now.id()) ? TopicChange.DELETED : TopicChange.NONE;
  }

  private static void tell(List<CompletableFuture<TopicChange>> results, TopicChange change) {
    results.forEach(each -> each.complete(change));
  }
}
