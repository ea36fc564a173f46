package io.sluice.relay;

import io.sluice.log.Catalog;
import io.sluice.log.LiveLog;
import io.sluice.log.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Topics that feeds of globs went on without although they may still be there: the brokers do not
 * let the gateway read them, or did not know them for a moment. They are tried again, more and more
 * seldom, for each time takes places in the feed's vectors. Reader's thread.
 */
final class ShutTopics {
  private static final long ROUND = Duration.ofSeconds(5).toNanos();
  private static final long FIRST_DELAY = Duration.ofSeconds(10).toNanos();
  private static final long LAST_DELAY = Duration.ofHours(1).toNanos();

  private record Key(Feed feed, String topic) {}

  /** How far the attempts to have a topic back have come. */
  private sealed interface Trial {
    /** Nanoseconds between the last two attempts. */
    long delay();
  }

  /** It is tried again at that time. */
  private record Waiting(long at, long delay) implements Trial {}

  /** It was tried at that time; how long it had waited counts if it fails again. */
  private record Tried(long at, long delay) implements Trial {}

  private final LiveLog log;
  private final Catalog catalog;
  private final Feeds feeds;
  private final LongSupplier nanoClock;
  private final BiConsumer<Feed, Topic> onFound;
  private final Map<Key, Trial> trials = new HashMap<>();
  private long lookAt;

  /**
   * @param onFound a topic is there that belongs to a feed
   */
  ShutTopics(
      LiveLog log,
      Catalog catalog,
      Feeds feeds,
      LongSupplier nanoClock,
      BiConsumer<Feed, Topic> onFound) {
    this.log = log;
    this.catalog = catalog;
    this.feeds = feeds;
    this.nanoClock = nanoClock;
    this.onFound = onFound;
    this.lookAt = nanoClock.getAsLong();
  }

  /** {@code feed} goes on without {@code topic}. */
  void add(Feed feed, String topic) {
    long now = nanoClock.getAsLong();
    trials.compute(
        new Key(feed, topic),
        (key, before) -> {
          long delay = before == null ? FIRST_DELAY : delayAfter(before, now);
          return new Waiting(now + delay, delay);
        });
  }

  /** After what was tried failed as well; long after it, that is another matter. */
  private static long delayAfter(Trial before, long now) {
    boolean another = before instanceof Tried(long at, _) && now - at > LAST_DELAY;
    return another ? FIRST_DELAY : Math.min(2 * before.delay(), LAST_DELAY);
  }

  /** Time has passed. */
  void onTick() {
    long now = nanoClock.getAsLong();
    if (trials.isEmpty() || lookAt - now > 0) {
      return;
    }
    lookAt = now + ROUND;
    trials.keySet().removeIf(each -> !feeds.isCurrent(each.feed()));
    for (Map.Entry<Key, Trial> each : List.copyOf(trials.entrySet())) {
      if (each.getValue() instanceof Waiting(long at, long delay) && at - now <= 0) {
        trials.put(each.getKey(), new Tried(at, delay));
        tryAgain(each.getKey());
      }
    }
  }

  private void tryAgain(Key key) {
    catalog
        .topic(key.topic())
        .whenComplete((topic, thrown) ->
            log.execute(() -> {
              if (topic != null) {
                if (feeds.isCurrent(key.feed()) && key.feed().topic(key.topic()) == null) {
                  onFound.accept(key.feed(), feeds.agreed(topic));
                }
              } else if (thrown != null && TopicLookups.isAbsence(Lookup.failure(thrown))) {
                trials.remove(key); // if it comes, it is new
              } else {
                add(key.feed(), key.topic());
              }
            }));
  }
}
