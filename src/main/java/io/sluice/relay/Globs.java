package io.sluice.relay;

import io.sluice.log.Catalog;
import io.sluice.log.LiveLog;
import io.sluice.log.LogFailure;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import io.sluice.logging.LogKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets topics that come join the feeds of the globs that they match. While there is such a feed all
 * topics are listed every few seconds, once for all of them; only those that were not there before
 * are matched. (That a topic went is told by {@link TopicChanges}.) Reader's thread.
 */
final class Globs {
  private static final Logger LOG = LoggerFactory.getLogger(Globs.class);

  /** A topic joins after this and the time of a few questions. */
  private static final long ROUND = Duration.ofSeconds(5).toNanos();

  private final LiveLog log;
  private final Catalog catalog;
  private final Feeds feeds;
  private final LongSupplier nanoClock;
  private BiConsumer<Feed, Topic> onFound = (feed, topic) -> {};

  /**
   * What was listed last, as it was answered: many who ask at once are given the same object. Null
   * where that is too long ago.
   */
  private @Nullable Map<String, TopicId> last;

  /** The same, each with the number of the listing in which it was new. */
  private Map<String, Listed> listed = Map.of();

  /** Of the last listing, those that could not be looked up for a feed: it is asked again. */
  private final Set<String> absent = new HashSet<>();

  private long listing;
  private long listedAt;
  private boolean asking;
  private long askedAt;

  private record Listed(TopicId id, long since) {}

  Globs(LiveLog log, Catalog catalog, Feeds feeds, LongSupplier nanoClock) {
    this.log = log;
    this.catalog = catalog;
    this.feeds = feeds;
    this.nanoClock = nanoClock;
    this.askedAt = nanoClock.getAsLong();
  }

  /** A topic was found that belongs to a feed. Set once, before anything else. */
  void onFound(BiConsumer<Feed, Topic> action) {
    onFound = action;
  }

  /** The number of the last listing that differed from the one before it. */
  long listing() {
    return listing;
  }

  /**
   * What was looked up, as of the last listing: somebody else may have had one made since, and what
   * has come meanwhile belongs to it. What is known of topics that are the same still counts. Has
   * no names where there was no listing lately.
   */
  Lookup upToDate(Topics topics, Lookup found) {
    Collection<String> names = found.names();
    if (names == null || found.listing() == listing) {
      return found;
    }
    if (last == null) {
      return found.from(null, listing, last());
    }
    Set<String> now = new HashSet<>(names);
    now.retainAll(listed.keySet());
    listed.forEach((name, each) -> {
      if (each.since() > found.listing() && !now.contains(name) && topics.include(name)) {
        now.add(name);
      }
    });
    return found.from(now, listing, last());
  }

  private Map<String, TopicId> last() {
    return last == null ? Map.of() : last;
  }

  /** A feed goes on without these, which could not be looked up: it gets them in the next round. */
  void onAbsent(Collection<String> names) {
    names.stream().filter(last()::containsKey).forEach(absent::add);
  }

  /** Those of {@code listed} that are asked for, by ascending names. */
  static List<String> matching(Topics topics, Map<String, TopicId> listed) {
    return listed.keySet().stream().filter(topics::include).sorted().toList();
  }

  /** These topics there are, and no others. */
  void onListed(Map<String, TopicId> ids) {
    listedAt = nanoClock.getAsLong();
    if (ids.equals(last)) {
      return;
    }
    listing++;
    Map<String, Listed> before = last == null ? Map.of() : listed;
    Map<String, Listed> now = HashMap.newHashMap(ids.size());
    List<String> fresh = new ArrayList<>();
    ids.forEach((name, id) -> {
      Listed known = before.get(name);
      if (known == null || !known.id().equals(id)) {
        fresh.add(name);
        now.put(name, new Listed(id, listing));
      } else {
        now.put(name, known);
      }
    });
    listed = now;
    last = ids;
    absent.retainAll(ids.keySet());
    offer(fresh);
  }

  private void onRound(Map<String, TopicId> ids) {
    List<String> again = List.copyOf(absent);
    absent.clear();
    onListed(ids);
    offer(again);
  }

  private void offer(List<String> names) {
    for (Feed feed : feeds.ofGlobs()) {
      for (String name : names) {
        if (feed.topic(name) == null && feed.selection().topics().include(name)) {
          lookUp(feed, name);
        }
      }
    }
  }

  /** Time has passed. */
  void onTick() {
    long now = nanoClock.getAsLong();
    if (feeds.ofGlobs().isEmpty()) {
      if (now - listedAt >= ROUND) {
        last = null;
        listed = Map.of();
        absent.clear();
      }
    } else if (!asking && now - askedAt >= ROUND) {
      asking = true;
      askedAt = now;
      catalog
          .ids()
          .whenComplete((ids, thrown) ->
              log.execute(() -> {
                asking = false;
                if (ids != null) {
                  onRound(ids);
                } else if (thrown != null) {
                  LOG.debug("Topics could not be listed: {}", Lookup.failure(thrown).message());
                }
              }));
    }
  }

  private void lookUp(Feed feed, String name) {
    catalog
        .topic(name)
        .whenComplete((topic, thrown) ->
            log.execute(() -> {
              if (topic != null) {
                if (feeds.isCurrent(feed) && feed.topic(name) == null) {
                  onFound.accept(feed, feeds.agreed(topic));
                }
              } else if (thrown != null) {
                LogFailure failure = Lookup.failure(thrown);
                LOG.atDebug()
                    .addKeyValue(LogKeys.SUBSCRIPTION, feed.number())
                    .addKeyValue(LogKeys.TOPIC, name)
                    .log("A topic of a glob is waited for: {}", failure.message());
                onAbsent(List.of(name));
              }
            }));
  }
}
