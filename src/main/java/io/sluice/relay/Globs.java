package io.sluice.relay;

import io.sluice.log.Catalog;
import io.sluice.log.LiveLog;
import io.sluice.log.LogFailure;
import io.sluice.log.Topic;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets topics that come join the feeds of the globs that they match. While there is such a feed the
 * names of all topics are listed every few seconds, once for all of them; only names that were not
 * there before are matched. (That a topic went is told by {@link TopicChanges}.) Reader's thread.
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
  private @Nullable Set<String> listed;
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

  /** The names of the last listing that belong to it; {@code null} where there was none lately. */
  @Nullable List<String> matching(Topics topics) {
    return listed == null ? null : listed.stream().filter(topics::include).sorted().toList();
  }

  /** These topics there are, and no others. */
  void onListed(Set<String> names) {
    Set<String> before = listed == null ? Set.of() : listed;
    List<String> fresh = names.stream().filter(name -> !before.contains(name)).sorted().toList();
    listed = new HashSet<>(names);
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

  /** A topic has gone: when it is listed again, it is a new one. */
  void onGone(String name) {
    if (listed != null) {
      listed.remove(name);
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
          .names()
          .whenComplete((names, thrown) -> {
            Set<String> all = names == null ? Set.of() : Set.copyOf(names);
            log.execute(() -> {
              asking = false;
              if (thrown == null) {
                onListed(all);
              } else {
                LOG.debug("Topics could not be listed: {}", Lookup.failure(thrown).message());
              }
            });
          });
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
                onGone(name); // the next listing tries again
              }
            }));
  }
}
