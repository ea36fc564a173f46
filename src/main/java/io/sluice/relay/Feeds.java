package io.sluice.relay;

import io.netty.buffer.ByteBufAllocator;
import io.sluice.log.Catalog;
import io.sluice.log.Topic;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** All feeds, from the first subscriber to the end of their lingering. Reader's thread. */
final class Feeds {
  private final RelaySettings settings;
  private final Catalog catalog;
  private final EncoderFactory encoders;
  private final ByteBufAllocator alloc;
  private final LivePartitions partitions;
  private final Windows windows;
  private final Replays replays;
  private final FeedNumbers numbers;
  private final RelayCounters counters;
  private final LongSupplier nanoClock;

  private final Map<FeedKey, Feed> feeds = new HashMap<>();
  private final Map<String, Set<Feed>> byTopic = new HashMap<>();
  private final Set<Feed> ofGlobs = new LinkedHashSet<>();
  private final Set<Feed> lingering = new LinkedHashSet<>();
  private Consumer<Topic> onGrowth = topic -> {};

  Feeds(
      RelaySettings settings,
      Catalog catalog,
      EncoderFactory encoders,
      ByteBufAllocator alloc,
      LivePartitions partitions,
      Windows windows,
      Replays replays,
      FeedNumbers numbers,
      RelayCounters counters,
      LongSupplier nanoClock) {
    this.settings = settings;
    this.catalog = catalog;
    this.encoders = encoders;
    this.alloc = alloc;
    this.partitions = partitions;
    this.windows = windows;
    this.replays = replays;
    this.numbers = numbers;
    this.counters = counters;
    this.nanoClock = nanoClock;
  }

  /**
   * A topic was looked up that has more partitions than its feeds know. Set once, before anything
   * else.
   */
  void onGrowth(Consumer<Topic> action) {
    onGrowth = action;
  }

  /** The feed with that key, where there is one. */
  @Nullable Feed of(FeedKey key) {
    return feeds.get(key);
  }

  /** The feeds of a topic. */
  List<Feed> of(String topic) {
    return List.copyOf(byTopic.getOrDefault(topic, Set.of()));
  }

  /** The feeds whose topics come and go. */
  Collection<Feed> ofGlobs() {
    return ofGlobs;
  }

  /** False where {@code feed} has ended. */
  boolean isCurrent(Feed feed) {
    return feeds.get(feed.key()) == feed;
  }

  /** The topic of that name as its feeds know it; {@code null} where no feed reads it. */
  @Nullable Topic topic(String name) {
    Set<Feed> readers = byTopic.get(name);
    return readers == null ? null : readers.iterator().next().topic(name);
  }

  /**
   * The topic that was looked up as {@code looked}, as its feeds know it. All feeds of a topic read
   * new partitions from their first record: so where it has more than they know, all hear of them
   * first.
   */
  Topic agreed(Topic looked) {
    Topic known = topic(looked.name());
    if (known != null
        && known.id().equals(looked.id())
        && known.partitionCount() < looked.partitionCount()) {
      onGrowth.accept(looked);
      known = topic(looked.name());
    }
    return known == null ? looked : known;
  }

  /** A new feed, which reads nothing yet; {@code null} where there may not be one more. */
  @Nullable Feed create(FeedKey key) {
    OptionalLong free = numbers.take();
    if (free.isEmpty() && !lingering.isEmpty()) {
      remove(lingering.iterator().next());
      free = numbers.take();
    }
    if (free.isEmpty()) {
      return null;
    }
    long number = free.getAsLong();
    LogWindow window = new LogWindow(alloc, windows);
    Feed feed = new Feed(key, number, encoders.encoder(number, key.form()), window);
    feeds.put(key, feed);
    windows.add(window);
    counters.feeds.increment();
    if (key.selection().topics() instanceof Topics.Matching) {
      ofGlobs.add(feed);
    }
    return feed;
  }

  /** {@code feed} reads {@code topic} from now on, or knows it better than before. */
  void put(Feed feed, Topic topic) {
    if (feed.topic(topic.name()) == null) {
      catalog.watch(topic);
      byTopic.computeIfAbsent(topic.name(), name -> new LinkedHashSet<>()).add(feed);
    }
    feed.topic(topic);
  }

  /** {@code feed} reads {@code topic} no longer, of which it had {@code left}. */
  void leave(Feed feed, Topic topic, List<FeedPartition> left) {
    feed.leave(topic.name(), left);
    unwatch(feed, topic);
  }

  /** A subscriber on {@code loop} joins {@code feed}. */
  WindowView join(Feed feed, LoopRelay loop) {
    lingering.remove(feed);
    return feed.join(loop);
  }

  /** {@code count} subscribers of {@code view} left. */
  void left(WindowView view, int count) {
    Feed feed = view.feed;
    feed.left(view, count);
    if (!feed.hasSubscribers() && isCurrent(feed)) {
      feed.lingersSince(nanoClock.getAsLong());
      lingering.add(feed);
    }
  }

  /** Ends what has lingered long enough. */
  void onTick() {
    long deadline = nanoClock.getAsLong() - settings.linger().toNanos();
    while (!lingering.isEmpty()) {
      Iterator<Feed> each = lingering.iterator();
      Feed feed = each.next();
      if (feed.lingersSince() - deadline > 0) {
        return; // the others began later
      }
      remove(feed);
    }
  }

  /** Ends {@code feed} for all its subscribers. */
  void end(Feed feed, Ending ending) {
    if (isCurrent(feed)) {
      // Before its window and its replays go: who lags or waits for a slice hears first why.
      feed.views().forEach(view -> view.end(ending));
      remove(feed);
    }
  }

  /** Ends {@code feed} where nobody has come to use it. */
  void removeUnused(FeedKey key) {
    Feed feed = feeds.get(key);
    if (feed != null && !feed.hasSubscribers() && !lingering.contains(feed)) {
      remove(feed);
    }
  }

  private void remove(Feed feed) {
    feeds.remove(feed.key());
    ofGlobs.remove(feed);
    lingering.remove(feed);
    feed.topics().forEach(topic -> unwatch(feed, topic));
    windows.clear(feed.window());
    windows.remove(feed.window());
    for (FeedPartition partition : feed.partitions()) { // also what it was just leaving
      feed.close(partition); // who asks for a slice of it later asks in vain
      boolean last = partitions.leave(partition, feed);
      replays.forget(feed, partition);
      if (last) {
        replays.forgetSource(partition.progress());
      }
    }
    numbers.giveBack();
    counters.feeds.decrement();
  }

  private void unwatch(Feed feed, Topic topic) {
    catalog.unwatch(topic);
    byTopic.computeIfPresent(
        topic.name(), (name, others) -> others.remove(feed) && others.isEmpty() ? null : others);
  }
}
