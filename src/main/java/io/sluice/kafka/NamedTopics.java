package io.sluice.kafka;

import io.sluice.kafka.BrokerQuestions.Answer;
import io.sluice.kafka.BrokerQuestions.Found;
import io.sluice.kafka.BrokerQuestions.Missing;
import io.sluice.log.LogException;
import io.sluice.log.LogFailure;
import io.sluice.log.Topic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Look-ups of topics by name: from the cache where it is young enough, else from the brokers.
 * Whoever asks while an answer is on its way shares it.
 *
 * <p>Owned by the catalog's thread.
 */
final class NamedTopics {
  /** Different names that may wait to be asked; whoever comes later is told to try again. */
  private static final int NAMES_WAITING = 10_000;

  private final TopicCache cache;
  private final LongSupplier nanoTime;
  private final TopicQuestions<Topic> questions;

  NamedTopics(BrokerQuestions brokers, TopicCache cache, Executor thread, LongSupplier nanoTime) {
    this.cache = cache;
    this.nanoTime = nanoTime;
    this.questions = new TopicQuestions<>(brokers, thread, this::onAnswer);
  }

  /** Completes {@code result} with the topic, as it was described less than {@code age} ago. */
  void lookUp(String name, Duration age, CompletableFuture<Topic> result) {
    long now = nanoTime.getAsLong();
    Topic cached = cache.within(name, now, age);
    if (cached != null) {
      result.complete(cached);
    } else if (cache.isUnknown(name, now)) {
      result.completeExceptionally(new LogException(new LogFailure.UnknownTopic(name)));
    } else if (!questions.share(name, result)) {
      if (questions.waiting() >= NAMES_WAITING && !questions.isWaiting(name)) {
        result.completeExceptionally(
            new LogException(new LogFailure.Unavailable("Too many topics are being looked up.")));
      } else {
        questions.ask(name, List.of(result));
      }
    }
  }

  /** Asks about {@code name} for those who come later, unless it is being asked about. */
  void renew(String name) {
    if (!questions.isAsking(name) && questions.waiting() < NAMES_WAITING) {
      questions.ask(name, List.of());
    }
  }

  private void onAnswer(String name, Answer answer, List<CompletableFuture<Topic>> results) {
    cache.learn(name, answer, nanoTime.getAsLong());
    for (CompletableFuture<Topic> result : results) {
      switch (answer) {
        case Found(Topic topic) -> result.complete(topic);
        case Missing missing -> result.completeExceptionally(missing.asException());
      }
    }
  }
}
