package io.sluice.relay;

import io.sluice.log.Catalog;
import io.sluice.log.LiveLog;
import io.sluice.log.LogFailure;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private @Nullable Map<String, TopicId> listed;
  private long listing;
  private long listedAt;
  private boolean asking;
  private long askedAt;

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

  /** The number of the last listing. */
  long listing() {
    return listing;
  }

  /**
   * What was looked up, as of the last listing: somebody else may have had one made since, and what
   * has come meanwhile belongs to it. Has no names where there was no listing lately.
   */
  Lookup upToDate(Topics topics, Lookup found) {
    if (found.names() == null || found.listing() == listing) {
      return found;
    }
    return found.from(listed == null ? null : matching(topics, listed), listing);
  }

  /** Listed or not, these could not be looked up: they are new in the next listing too. */
  void onAbsent(Collection<String> names) {
    if (listed != null) {
      listed.keySet().removeAll(names);
    }
  }

  /** Those of {@code listed} that are asked for, by ascending names. */
  static List<String> matching(Topics topics, Map<String, TopicId> listed) {
    return listed.keySet().stream().filter(topics::include).sorted().toList();
  }

  /** These topics there are, and no others. */
  void onListed(Map<String, TopicId> ids) {
    Map<String, TopicId> before = listed == null ? Map.of() : listed;
    List<String> fresh = new ArrayList<>();
    ids.forEach((name, id) -> {
      if (!id.equals(before.get(name))) {
        fresh.add(name);
      }
    });
    listed = new HashMap<>(ids);
    listing++;
    listedAt = nanoClock.getAsLong();
    for (Feed feed : feeds.ofGlobs()) {
      for (String name : fresh) {
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
        listed = null;
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
                  onListed(ids);
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
                LOG.debug("{} waits for {}: {}", feed, name, failure.message());
                onAbsent(List.of(name));
              }
            }));
  }
}
