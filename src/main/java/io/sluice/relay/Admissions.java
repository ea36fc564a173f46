package io.sluice.relay;

import io.sluice.log.Catalog;
import io.sluice.log.LiveLog;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import io.sluice.logging.LogKeys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads tickets to a place in a feed: what has to be known is looked up, round by round, until it
 * is clear where the subscriber starts. Reader's thread.
 */
final class Admissions {
  private static final Logger LOG = LoggerFactory.getLogger(Admissions.class);

  /**
   * Names, topics, heads and oldest offsets are three rounds; changes meanwhile may cost some more.
   */
  private static final int MOST_LOOKUPS = 8;

  private final RelaySettings settings;
  private final LiveLog log;
  private final Catalog catalog;
  private final LivePartitions partitions;
  private final Feeds feeds;
  private final FeedChanges changes;
  private final Globs globs;
  private final LatePartitions late;

  Admissions(
      RelaySettings settings,
      LiveLog log,
      Catalog catalog,
      LivePartitions partitions,
      Feeds feeds,
      FeedChanges changes,
      Globs globs,
      LatePartitions late) {
    this.settings = settings;
    this.log = log;
    this.catalog = catalog;
    this.partitions = partitions;
    this.feeds = feeds;
    this.changes = changes;
    this.globs = globs;
    this.late = late;
  }

  /** Finds {@code ticket} a place, now or when what it needs is known, or refuses it. */
  void admit(Ticket ticket) {
    LogFailure excluded = excluded(ticket.request());
    if (excluded != null) {
      refuse(ticket, excluded);
    } else {
      admit(ticket, Lookup.NOTHING);
    }
  }

  /** Whatever goes wrong, the ticket is answered, and no feed stays that nobody uses. */
  private void admit(Ticket ticket, Lookup found) {
    try {
      attach(ticket, found);
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue(LogKeys.TOPIC, named(ticket.request().selection().topics()))
          .setCause(e)
          .log("A subscription failed.");
      feeds.removeUnused(ticket.key());
      refuse(ticket, new LogFailure.Internal("The subscription failed inside the gateway."));
    }
  }

  private void attach(Ticket ticket, Lookup found) {
    if (found.rounds() > MOST_LOOKUPS) {
      refuse(
          ticket, new LogFailure.Unavailable("The topic changes faster than it can be looked up."));
      return;
    }
    Feed feed = feeds.of(ticket.key());
    switch (ticket.request().selection().topics()) {
      case Topics.Named named -> attach(ticket, feed, named.names(), found);
      case Topics.Matching matching -> attach(ticket, feed, matching, found);
    }
  }

  private void attach(Ticket ticket, @Nullable Feed feed, Topics.Matching glob, Lookup found) {
    Set<String> names = new TreeSet<>();
    if (ticket.request().from() instanceof From.At at) {
      at.positions().byPartition().keySet().forEach(each -> names.add(each.topic()));
    }
    Lookup current = found;
    if (feed != null) {
      feed.topics().forEach(topic -> names.add(topic.name()));
    } else {
      current = globs.upToDate(glob, found);
      if (current.names() == null) {
        lookUpNames(ticket, glob, current);
        return;
      }
      names.addAll(current.names());
    }
    attach(ticket, feed, names, current);
  }

  private void attach(Ticket ticket, @Nullable Feed feed, Collection<String> names, Lookup found) {
    List<Topic> topics = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String name : names) {
      Topic looked = found.topics().get(name);
      Topic topic = looked == null ? feeds.topic(name) : feeds.agreed(looked);
      if (topic != null) {
        topics.add(topic);
      } else if (!found.absent().contains(name)) {
        missing.add(name);
      }
    }
    if (isGlob(ticket) && topics.size() + missing.size() > settings.maxTopicsPerGlob()) {
      ticket.refuse(new Refusal.TooManyTopics(settings.maxTopicsPerGlob()));
      return;
    }
    if (!missing.isEmpty()) {
      lookUpTopics(ticket, found, missing);
      return;
    }
    if (feed != null) {
      for (Topic topic : topics) {
        if (feed.topic(topic.name()) == null) {
          // The client knows it from another instance. Here it joins for all of the feed, first.
          late.join(
              feed,
              topic,
              failure -> {
                if (failure == null) {
                  admit(ticket, found.afterChange());
                } else {
                  refuse(ticket, failure);
                }
              });
          return;
        }
      }
    }
    start(ticket, feed, topics, found.of(topics));
  }

  private void start(Ticket ticket, @Nullable Feed feed, List<Topic> topics, Lookup found) {
    switch (Start.of(ticket.request().from(), known(ticket, topics, feed, found))) {
      case Start.Refused refused -> refuse(ticket, refused.failure());
      case Start.Unsure unsure -> lookUpAnew(ticket, found, unsure.topics());
      case Start.Missing ends -> lookUpOffsets(ticket, found, ends);
      case Start.MissingSince first -> lookUpSince(ticket, found, first);
      case Start.At at -> {
        Feed joined = feed != null ? feed : feeds.create(ticket.key());
        if (joined == null) {
          ticket.refuse(new Refusal.TooManyFeeds(settings.maxFeeds()));
        } else {
          if (feed == null) {
            globs.onAbsent(found.absent());
          }
          read(joined, topics, at, found);
          join(ticket, joined, at);
        }
      }
    }
  }

  /** Positions of a topic that is not asked for are a mistake. */
  private static @Nullable LogFailure excluded(SubscribeRequest request) {
    if (request.from() instanceof From.At at) {
      Set<String> allowed = new HashSet<>();
      for (Partition partition : at.positions().byPartition().keySet()) {
        String topic = partition.topic();
        if (!allowed.contains(topic)) {
          if (!request.selection().topics().include(topic)) {
            return new LogFailure.Invalid(
                "Positions name "
                    + partition
                    + ", which is not of "
                    + request.selection().topics()
                    + ".");
          }
          allowed.add(topic);
        }
      }
    }
    return null;
  }

  /** The one topic or the glob: more names than that are left out. */
  private static String named(Topics topics) {
    return switch (topics) {
      case Topics.Named named when named.names().size() > 1 ->
          named.names().getFirst() + " and " + (named.names().size() - 1) + " more";
      case Topics.Named named -> named.names().getFirst();
      case Topics.Matching matching -> matching.toString();
    };
  }

  private static boolean isGlob(Ticket ticket) {
    return ticket.request().selection().topics() instanceof Topics.Matching;
  }

  private Start.Known known(Ticket ticket, List<Topic> topics, @Nullable Feed feed, Lookup found) {
    Set<Partition> wanted = new LinkedHashSet<>();
    Map<Partition, Long> reading = new HashMap<>();
    Map<Partition, Long> retained = new HashMap<>();
    Map<String, Topic> byName = new HashMap<>();
    for (Topic topic : topics) {
      byName.put(topic.name(), topic);
      wanted.addAll(ticket.request().selection().partitionsOf(topic, catalog));
    }
    if (ticket.request().selection().keyPartitioned()) {
      wanted.addAll(formerly(ticket.request().from(), feed, byName));
    }
    for (Partition partition : wanted) {
      Long position = partitions.position(partition);
      if (position != null) {
        FeedPartition open = feed == null ? null : feed.open(partition);
        reading.put(partition, position);
        retained.put(
            partition,
            feed == null || open == null ? position : feed.window().coveredFrom()[open.index()]);
      }
    }
    return new Start.Known(
        byName,
        found.sure(),
        List.copyOf(wanted),
        reading,
        retained,
        found.heads(),
        found.oldest(),
        found.since());
  }

  /** Partitions that were its key's before there were more: their rest is read too. */
  private static List<Partition> formerly(
      From from, @Nullable Feed feed, Map<String, Topic> topics) {
    if (!(from instanceof From.At at)) {
      return feed == null ? List.of() : feed.open().stream().map(FeedPartition::partition).toList();
    }
    List<Partition> named = new ArrayList<>();
    for (Partition partition : at.positions().byPartition().keySet()) {
      Topic topic = topics.get(partition.topic());
      TopicId id = at.topicIds().get(partition.topic());
      if (topic != null
          && (id == null || id.equals(topic.id()))
          && partition.number() < topic.partitionCount()) {
        named.add(partition);
      }
    }
    return named;
  }

  /** Lets {@code feed} read what it does not yet, of all that {@code at} starts in. */
  private void read(Feed feed, List<Topic> topics, Start.At at, Lookup found) {
    topics.forEach(topic -> feeds.put(feed, topic));
    List<FeedPartition> added = new ArrayList<>();
    for (Partition partition : new TreeSet<>(at.from().keySet())) {
      if (feed.open(partition) == null) {
        LivePartition live = partitions.read(partition, found.heads().getOrDefault(partition, 0L));
        added.add(feed.add(live, live.position()));
      }
    }
    if (feed.hasSubscribers() && !added.isEmpty()) {
      changes.tellAdded(feed, added);
    }
  }

  private void join(Ticket ticket, Feed feed, Start.At at) {
    long[] start = feed.closedVector();
    long[] heads = new long[start.length];
    Map<Partition, Long> reported = new HashMap<>(at.reported());
    for (FeedPartition open : feed.open()) {
      Partition partition = open.partition();
      LivePartition live = partitions.get(partition);
      long position = live == null ? open.covered() : live.position();
      // One that the feed reads only because others have asked for its past begins here and now.
      long from = at.from().getOrDefault(partition, position);
      start[open.index()] = from;
      heads[open.index()] = at.heads().getOrDefault(partition, 0L);
      reported.putIfAbsent(partition, from);
      // Nothing up to there may be for the feed, and still it is live only there.
      long until = Math.max(from, heads[open.index()]);
      if (live != null && until > position) {
        live.await(feed, until);
      }
    }
    Map<String, TopicId> topicIds = new HashMap<>();
    feed.topics().forEach(topic -> topicIds.put(topic.name(), topic.id()));
    Attachment attachment =
        new Attachment(
            feeds.join(feed, ticket.loop()),
            start,
            heads,
            new ArrayList<>(at.gaps()),
            new Positions(reported),
            topicIds);
    ticket.loop().execute(() -> ticket.socket().onAttached(ticket, attachment));
  }

  private void lookUpNames(Ticket ticket, Topics.Matching glob, Lookup found) {
    catalog
        .ids()
        .whenComplete((ids, thrown) -> {
          // Here, on a thread of the catalog, where nobody waits for it.
          List<String> matching = ids == null ? List.of() : Globs.matching(glob, ids);
          log.execute(() -> {
            if (ids == null) {
              refuse(ticket, Lookup.failure(thrown));
            } else {
              globs.onListed(ids);
              admit(ticket, found.with(matching, globs.listing()));
            }
          });
        });
  }

  private void lookUpTopics(Ticket ticket, Lookup found, List<String> names) {
    goOnWith(
        ticket,
        TopicLookups.of(catalog::topic, names),
        answer -> found.with(answer.topics(), answer.failures().keySet()));
  }

  /** What is known of them may be some seconds old, and does not agree with what is asked for. */
  private void lookUpAnew(Ticket ticket, Lookup found, Set<String> names) {
    goOnWith(
        ticket,
        TopicLookups.of(catalog::current, names),
        answer -> found.withSure(answer.topics(), answer.failures().keySet(), names));
  }

  private void goOnWith(
      Ticket ticket,
      CompletionStage<TopicLookups> lookup,
      Function<TopicLookups, Lookup> withAnswer) {
    lookup.thenAccept(answer ->
        log.execute(() -> {
          LogFailure failure = isGlob(ticket) ? answer.uncertain() : answer.failure();
          if (failure != null) {
            refuse(ticket, failure);
          } else {
            admit(ticket, withAnswer.apply(answer));
          }
        }));
  }

  private void lookUpOffsets(Ticket ticket, Lookup found, Start.Missing missing) {
    goOnWith(
        ticket,
        found,
        catalog
            .heads(missing.heads())
            .thenCombine(catalog.oldest(missing.oldest()), found::withOffsets));
  }

  private void lookUpSince(Ticket ticket, Lookup found, Start.MissingSince missing) {
    goOnWith(
        ticket,
        found,
        catalog.firstSince(missing.timestamp(), missing.partitions()).thenApply(found::withSince));
  }

  private void goOnWith(Ticket ticket, Lookup found, CompletionStage<Lookup> lookup) {
    lookup.whenComplete((more, thrown) ->
        log.execute(() -> {
          if (thrown == null) {
            admit(ticket, more);
          } else if (hasChanged(ticket, Lookup.failure(thrown))) {
            admit(ticket, found.anew());
          } else {
            refuse(ticket, Lookup.failure(thrown));
          }
        }));
  }

  /** A topic of a glob went since it was looked up, or one was made again with fewer partitions. */
  private static boolean hasChanged(Ticket ticket, LogFailure failure) {
    return failure instanceof LogFailure.Invalid
        || isGlob(ticket) && failure instanceof LogFailure.UnknownTopic;
  }

  private void refuse(Ticket ticket, LogFailure failure) {
    ticket.refuse(new Refusal.Log(failure));
  }
}
