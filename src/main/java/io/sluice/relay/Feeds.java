package io.sluice.relay;

import io.netty.buffer.ByteBufAllocator;
import io.sluice.log.Catalog;
import io.sluice.log.LiveLog;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All feeds, from the first subscriber to the end of their lingering. Reader's thread, but for the
 * methods that say otherwise: those are the crossing from event loops to it.
 */
final class Feeds {
  private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);

  /** Topic, heads and oldest offsets are two rounds; changes meanwhile may cost some more. */
  private static final int MOST_LOOKUPS = 8;

  private final RelaySettings settings;
  private final LiveLog log;
  private final Catalog catalog;
  private final EncoderFactory encoders;
  private final ByteBufAllocator alloc;
  private final LivePartitions partitions;
  private final Windows windows;
  private final Replays replays;
  private final RelayCounters counters;
  private final LongSupplier nanoClock;

  private final Map<FeedKey, Feed> feeds = new HashMap<>();
  private final Map<LogWindow, Feed> byWindow = new HashMap<>();
  private final Map<String, Set<Feed>> byTopic = new HashMap<>();
  private final Set<Feed> lingering = new LinkedHashSet<>();
  private Consumer<Topic> onGrowth = topic -> {};
  private long lastNumber;

  Feeds(
      RelaySettings settings,
      LiveLog log,
      Catalog catalog,
      EncoderFactory encoders,
      ByteBufAllocator alloc,
      LivePartitions partitions,
      Windows windows,
      Replays replays,
      RelayCounters counters,
      LongSupplier nanoClock) {
    this.settings = settings;
    this.log = log;
    this.catalog = catalog;
    this.encoders = encoders;
    this.alloc = alloc;
    this.partitions = partitions;
    this.windows = windows;
    this.replays = replays;
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

  /** Finds {@code ticket} a place in its feed. Any thread. */
  void subscribe(Ticket ticket) {
    log.execute(() -> attachOrRefuse(ticket, Lookup.NOTHING));
  }

  /** Asks for a slice. Any thread. */
  void ask(SliceRequest request) {
    log.execute(() -> replays.ask(request));
  }

  /** Of each of {@code views} so many subscribers left. Any thread. */
  void left(List<WindowView> views, int[] counts) {
    log.execute(() -> {
      for (int i = 0; i < counts.length; i++) {
        left(views.get(i), counts[i]);
      }
    });
  }

  /** The feeds of a topic. */
  List<Feed> of(String topic) {
    return List.copyOf(byTopic.getOrDefault(topic, Set.of()));
  }

  /** The feed that has {@code window}. */
  @Nullable Feed of(LogWindow window) {
    return byWindow.get(window);
  }

  /** False where {@code feed} has ended. */
  boolean isCurrent(Feed feed) {
    return feeds.get(feed.key()) == feed;
  }

  /** Ends what has lingered long enough. */
  void onTick() {
    long deadline = nanoClock.getAsLong() - settings.linger().toNanos();
    for (Iterator<Feed> each = lingering.iterator(); each.hasNext(); ) {
      Feed feed = each.next();
      if (feed.lingersSince() - deadline > 0) {
        break; // the others began later
      }
      each.remove();
      catalog.unwatch(feed.topic());
      remove(feed);
    }
  }

  /** Ends {@code feed}, whose topic is watched, for all its subscribers. */
  void end(Feed feed, LogFailure failure) {
    if (isCurrent(feed)) {
      catalog.unwatch(feed.topic());
      endUnwatched(feed, failure);
    }
  }

  /** Ends {@code feed}, whose topic is no longer watched, for all its subscribers. */
  void endUnwatched(Feed feed, LogFailure failure) {
    Ending ending = new Ending.Log(failure);
    // Before its window and its replays go: who lags or waits for a slice hears first why.
    feed.views().forEach(view -> view.end(ending));
    remove(feed);
  }

  private void remove(Feed feed) {
    feeds.remove(feed.key());
    byWindow.remove(feed.window());
    byTopic.computeIfPresent(
        feed.topic().name(),
        (name, others) -> others.remove(feed) && others.isEmpty() ? null : others);
    lingering.remove(feed);
    windows.clear(feed.window());
    windows.remove(feed.window());
    replays.forget(feed);
    for (FeedPartition partition : feed.open()) {
      partitions.leave(partition.partition(), feed);
    }
    counters.feeds.decrement();
  }

  /** Whatever goes wrong, the ticket is answered, and no feed stays that nobody uses. */
  private void attachOrRefuse(Ticket ticket, Lookup found) {
    try {
      attach(ticket, found);
    } catch (RuntimeException e) {
      LOG.error("{} could not be subscribed to", ticket.request().selection(), e);
      Feed unused = feeds.get(ticket.key());
      if (unused != null && !unused.hasSubscribers() && !lingering.contains(unused)) {
        catalog.unwatch(unused.topic());
        remove(unused);
      }
      refuse(ticket, new LogFailure.Internal("The subscription failed inside the gateway."));
    }
  }

  private void attach(Ticket ticket, Lookup found) {
    Feed feed = feeds.get(ticket.key());
    if (found.rounds() > MOST_LOOKUPS) {
      refuse(
          ticket, new LogFailure.Unavailable("The topic changes faster than it can be looked up."));
      return;
    }
    Feed sibling = feed != null ? feed : sibling(ticket);
    Topic looked = found.topic();
    if (sibling != null && looked != null && isOutgrown(sibling.topic(), looked)) {
      // All feeds of a topic read the same partitions, and new ones from their first record: so all
      // hear of them first.
      onGrowth.accept(looked);
    }
    Topic topic = sibling != null ? sibling.topic() : looked;
    if (topic == null) {
      lookUpTopic(ticket, found);
      return;
    }
    switch (Start.of(ticket.request().from(), known(topic, feed, found))) {
      case Start.Refused refused -> refuse(ticket, refused.failure());
      case Start.Missing missing -> lookUpOffsets(ticket, found, missing);
      case Start.At at -> {
        Feed joined = feed != null ? feed : create(ticket.key(), topic, found.heads());
        if (joined == null) {
          ticket.refuse(new Refusal.TooManyFeeds(settings.maxFeeds()));
        } else {
          join(ticket, joined, at);
        }
      }
    }
  }

  /** Some feed of the same topic: it knows the topic, and hears of its changes. */
  private @Nullable Feed sibling(Ticket ticket) {
    List<Feed> siblings = of(ticket.request().selection().topic());
    return siblings.isEmpty() ? null : siblings.getFirst();
  }

  private Start.Known known(Topic topic, @Nullable Feed feed, Lookup found) {
    Map<Partition, Long> reading = new HashMap<>();
    Map<Partition, Long> retained = new HashMap<>();
    for (Partition partition : topic.partitions()) {
      Long position = partitions.position(partition);
      if (position != null) {
        FeedPartition open = feed == null ? null : feed.open(partition);
        reading.put(partition, position);
        retained.put(
            partition,
            feed == null || open == null ? position : feed.window().coveredFrom()[open.index()]);
      }
    }
    return new Start.Known(topic, reading, retained, found.heads(), found.oldest());
  }

  private static boolean isOutgrown(Topic known, Topic now) {
    return known.id().equals(now.id()) && known.partitionCount() < now.partitionCount();
  }

  private void lookUpTopic(Ticket ticket, Lookup found) {
    catalog
        .topic(ticket.request().selection().topic())
        .whenComplete((topic, thrown) ->
            log.execute(() -> {
              if (thrown != null) {
                refuse(ticket, Lookup.failure(thrown));
              } else {
                attachOrRefuse(ticket, found.with(topic));
              }
            }));
  }

  private void lookUpOffsets(Ticket ticket, Lookup found, Start.Missing missing) {
    catalog
        .heads(missing.heads())
        .thenCombine(catalog.oldest(missing.oldest()), found::with)
        .whenComplete((more, thrown) ->
            log.execute(() -> {
              if (thrown != null) {
                refuse(ticket, Lookup.failure(thrown));
              } else {
                attachOrRefuse(ticket, more);
              }
            }));
  }

  private void refuse(Ticket ticket, LogFailure failure) {
    ticket.refuse(new Refusal.Log(failure));
  }

  private @Nullable Feed create(FeedKey key, Topic topic, Map<Partition, Long> heads) {
    if (feeds.size() >= settings.maxFeeds()) {
      if (lingering.isEmpty()) {
        return null;
      }
      Feed oldest = lingering.iterator().next();
      catalog.unwatch(oldest.topic());
      remove(oldest);
    }
    long number = ++lastNumber;
    LogWindow window = new LogWindow(alloc, windows);
    Feed feed = new Feed(key, number, encoders.encoder(number, key.form()), window, topic);
    catalog.watch(topic);
    feeds.put(key, feed);
    byWindow.put(window, feed);
    byTopic.computeIfAbsent(topic.name(), name -> new LinkedHashSet<>()).add(feed);
    windows.add(window);
    counters.feeds.increment();
    for (Partition partition : topic.partitions()) {
      feed.add(partitions.read(partition, heads.getOrDefault(partition, 0L)));
    }
    return feed;
  }

  private void join(Ticket ticket, Feed feed, Start.At at) {
    lingering.remove(feed);
    long[] start = feed.closedVector();
    for (FeedPartition partition : feed.open()) {
      start[partition.index()] = at.from().getOrDefault(partition.partition(), partition.start());
    }
    Attachment attachment =
        new Attachment(
            feed.join(ticket.loop()),
            start,
            new ArrayList<>(at.gaps()),
            new Positions(at.reported()),
            Map.of(feed.topic().name(), feed.topic().id()));
    ticket.loop().execute(() -> ticket.socket().onAttached(ticket, attachment));
  }

  private void left(WindowView view, int count) {
    Feed feed = view.feed;
    feed.left(view, count);
    if (!feed.hasSubscribers() && isCurrent(feed)) {
      feed.lingersSince(nanoClock.getAsLong());
      lingering.add(feed);
    }
  }
}
