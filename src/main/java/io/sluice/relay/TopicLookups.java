package io.sluice.relay;

import io.sluice.log.LogFailure;
import io.sluice.log.Topic;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What came of looking up several topics.
 *
 * @param topics those that are there, by name
 * @param failures why the others are not told, by name
 */
record TopicLookups(Map<String, Topic> topics, Map<String, LogFailure> failures) {
  /** Looks all of them up by {@code lookup}; the stage never fails. */
  static CompletionStage<TopicLookups> of(
      Function<String, CompletionStage<Topic>> lookup, Collection<String> names) {
    TopicLookups answers = new TopicLookups(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    return CompletableFuture.allOf(
            names.stream()
                .map(name ->
                    lookup
                        .apply(name)
                        .handle((topic, thrown) -> answers.put(name, topic, thrown))
                        .toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new))
        .thenApply(all -> answers);
  }

  /** Some failure; {@code null} where there is none. */
  @Nullable LogFailure failure() {
    return failures.values().stream().findAny().orElse(null);
  }

  /** Some failure that does not say that the topic is not there for this gateway. */
  @Nullable LogFailure uncertain() {
    return failures.values().stream().filter(each -> !isAbsence(each)).findAny().orElse(null);
  }

  /** True where {@code failure} says that a topic is not there, or not for this gateway. */
  static boolean isAbsence(LogFailure failure) {
    return switch (failure) {
      case LogFailure.UnknownTopic _, LogFailure.TopicDeleted _, LogFailure.Forbidden _ -> true;
      case LogFailure.OffsetOutOfRange _,
          LogFailure.TooLarge _,
          LogFailure.Invalid _,
          LogFailure.Unavailable _,
          LogFailure.TimedOut _,
          LogFailure.Internal _ ->
          false;
    };
  }

  private TopicLookups put(String name, @Nullable Topic topic, @Nullable Throwable thrown) {
    if (topic != null) {
      topics.put(name, topic);
    } else if (thrown != null) {
      failures.put(name, Lookup.failure(thrown));
    }
    return this;
  }
}
