package io.sluice.session;

import io.sluice.channel.Channel;
import io.sluice.channel.ChannelRules;
import io.sluice.channel.ChannelSettings;
import io.sluice.channel.Channels;
import io.sluice.log.Catalog;
import io.sluice.log.LogException;
import io.sluice.log.LogFailure;
import io.sluice.log.Topic;
import io.sluice.log.TopicPattern;
import io.sluice.protocol.Command;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Event;
import io.sluice.protocol.Failure;
import io.sluice.protocol.Mode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells one client what channels there are: the command {@code describe}. Event-loop thread only;
 * what has to be asked of the log comes back to it.
 */
final class Descriptions {
  /** Entries of one answer: as many as a person scrolls through, and more. */
  static final int MOST_CHANNELS = 1_000;

  /** A question of 30 bytes may have an answer of 256 KiB: so many wait for theirs at most. */
  static final int MOST_AT_ONCE = 8;

  /** What stands around the entries of an answer: most of it an id of 64 escaped characters. */
  private static final int ENVELOPE_BYTES = 512;

  /** What stands around the words of an entry in JSON, with three modes. */
  private static final int ENTRY_BYTES = 128;

  private final Client client;
  private final Channels channels;
  private final Catalog catalog;
  private final int maxBytes;
  private int underWay;
  private boolean closed;

  /**
   * @param maxBytes the largest answer
   */
  Descriptions(Client client, Channels channels, Catalog catalog, int maxBytes) {
    this.client = client;
    this.channels = channels;
    this.catalog = catalog;
    this.maxBytes = maxBytes;
  }

  /** Answers {@code describe}, at once or when the log has answered. */
  void describe(Command.Describe describe) {
    if (underWay == MOST_AT_ONCE) {
      refuse(
          describe,
          Failure.of(
              ErrorCode.TOO_MANY,
              "A connection has at most " + MOST_AT_ONCE + " describe commands under way."));
      return;
    }
    String name = describe.channel();
    if (name == null) {
      several(describe, any -> true);
    } else if (name.indexOf('*') < 0) {
      one(describe, name);
    } else {
      String fault = TopicPattern.fault(name);
      if (fault == null) {
        several(describe, TopicPattern.of(name)::matches);
      } else {
        refuse(describe, Failure.of(ErrorCode.INVALID, fault, "channel"));
      }
    }
  }

  /** The client is gone: nobody is told any more. */
  void close() {
    closed = true;
  }

  private void one(Command.Describe describe, String name) {
    switch (channels.resolve(name)) {
      case Channels.Resolution.Found(Channel channel) when channel.isTopic() ->
          answer(describe, catalog.topic(name).thenApply(topic -> List.of(entry(topic))), false);
      case Channels.Resolution.Found(Channel channel) ->
          answer(
              describe,
              counted(List.of(new Entry(name, channel.topics(), channel.rules(), Map.of()))),
              false);
      case Channels.Resolution.Pattern _, Channels.Resolution.Invalid _ ->
          throw new IllegalStateException("A glob was taken for a name.");
      case Channels.Resolution.Unknown(String reason) ->
          channels
              .template(name)
              .ifPresentOrElse(
                  settings -> answer(describe, counted(List.of(entry(settings))), false),
                  () -> refuse(describe, Failure.of(ErrorCode.UNKNOWN_CHANNEL, reason, "channel")));
    }
  }

  private void several(Command.Describe describe, Predicate<String> wanted) {
    List<Entry> configured =
        channels.configured().stream()
            .filter(settings -> wanted.test(settings.name()))
            .map(Descriptions::entry)
            .toList();
    if (!channels.isByTopic()) {
      answer(describe, counted(first(configured)), configured.size() > MOST_CHANNELS);
      return;
    }
    underWay++;
    catalog
        .topics()
        .thenApply(topics -> listed(configured, topics, wanted)) // on a thread of the catalog
        .whenComplete((listed, thrown) ->
            client
                .eventLoop()
                .execute(() -> {
                  underWay--;
                  if (listed == null) {
                    fail(describe, thrown);
                  } else {
                    answer(describe, counted(listed.first()), listed.truncated());
                  }
                }));
  }

  /**
   * Of all that there is the first.
   *
   * @param truncated whether there is more
   */
  private record Listed(List<Entry> first, boolean truncated) {}

  /** Takes its time for thousands of topics: not on an event loop. */
  private Listed listed(List<Entry> configured, List<Topic> topics, Predicate<String> wanted) {
    List<Entry> all = new ArrayList<>(configured);
    topics.stream()
        .filter(topic -> wanted.test(topic.name()) && isItself(topic))
        .map(Descriptions::entry)
        .forEach(all::add);
    all.sort(Comparator.comparing(Entry::channel));
    return new Listed(
        first(all), all.size() > MOST_CHANNELS || topics.size() >= Catalog.MOST_TOPICS);
  }

  /** A configured channel hides the topic that has its name. */
  private boolean isItself(Topic topic) {
    return channels.resolve(topic.name()) instanceof Channels.Resolution.Found(Channel channel)
        && channel.isTopic();
  }

  private static List<Entry> first(List<Entry> entries) {
    return entries.subList(0, Math.min(entries.size(), MOST_CHANNELS));
  }

  /** Looks up the partitions that are not known yet. */
  private CompletionStage<List<Entry>> counted(List<Entry> entries) {
    Map<String, CompletableFuture<Integer>> counts = new HashMap<>();
    for (Entry entry : entries) {
      for (String topic : entry.topics()) {
        if (!entry.partitions().containsKey(topic) && topic.indexOf('{') < 0) {
          counts.computeIfAbsent(topic, this::partitions);
        }
      }
    }
    return CompletableFuture.allOf(counts.values().toArray(new CompletableFuture<?>[0]))
        .thenApply(all -> {
          Map<String, Integer> known = HashMap.newHashMap(counts.size());
          counts.forEach((topic, count) -> known.put(topic, count.join()));
          return entries.stream().map(entry -> entry.with(known)).toList();
        });
  }

  /** How many partitions {@code topic} has: 0 where it is not there. */
  private CompletableFuture<Integer> partitions(String topic) {
    return catalog
        .topic(topic)
        .thenApply(Topic::partitionCount)
        .exceptionally(thrown -> {
          LogFailure failure = LogException.failureOf(thrown);
          if (failure instanceof LogFailure.UnknownTopic) {
            return 0;
          }
          throw new LogException(failure);
        })
        .toCompletableFuture();
  }

  private void answer(
      Command.Describe describe, CompletionStage<List<Entry>> entries, boolean truncated) {
    underWay++;
    entries.whenComplete((found, thrown) ->
        client
            .eventLoop()
            .execute(() -> {
              underWay--;
              if (found == null) {
                fail(describe, thrown);
              } else if (!closed) {
                List<Event.Channel> fitting = fitting(found);
                client.send(
                    new Event.Described(
                        describe.id(), fitting, truncated || fitting.size() < found.size()));
              }
            }));
  }

  /** As many of the first as surely fit into one message. */
  private List<Event.Channel> fitting(List<Entry> entries) {
    List<Event.Channel> told = new ArrayList<>(entries.size());
    long bytes = ENVELOPE_BYTES;
    for (Entry entry : entries) {
      bytes += entry.weight();
      if (bytes > maxBytes) {
        break;
      }
      told.add(entry.told(client));
    }
    return told;
  }

  private void fail(Command.Describe describe, @Nullable Throwable thrown) {
    refuse(
        describe,
        thrown == null
            ? Failure.of(ErrorCode.INTERNAL, "The log told nothing.")
            : Failures.of(thrown));
  }

  private void refuse(Command.Describe describe, Failure failure) {
    if (!closed) {
      client.send(new Event.Refused(describe.id(), failure));
    }
  }

  private static Entry entry(Topic topic) {
    return new Entry(
        topic.name(),
        List.of(topic.name()),
        ChannelRules.DEFAULT,
        Map.of(topic.name(), topic.partitionCount()));
  }

  private static Entry entry(ChannelSettings settings) {
    return new Entry(settings.name(), settings.topics(), settings.rules(), Map.of());
  }

  /**
   * A channel that is described.
   *
   * @param channel its name, or the text of its template
   * @param topics its topics, or the texts of their templates
   * @param partitions how many each topic has, as far as it is known
   */
  private record Entry(
      String channel, List<String> topics, ChannelRules rules, Map<String, Integer> partitions) {
    Entry with(Map<String, Integer> known) {
      return partitions.isEmpty() ? new Entry(channel, topics, rules, known) : this;
    }

    /** At most so many bytes in any wire format: all of it is ASCII. */
    int weight() {
      return ENTRY_BYTES
          + channel.length()
          + topics.stream().mapToInt(topic -> topic.length() + 3).sum();
    }

    Event.Channel told(Client client) {
      boolean readable = Permission.isReadable(rules, client.format());
      return new Event.Channel(
          channel,
          topics,
          topics.stream().mapToInt(topic -> partitions.getOrDefault(topic, 0)).sum(),
          readable,
          Permission.isWritable(rules, client.format()),
          readable
              ? rules.modes().stream()
                  .filter(Permission.SERVED::contains)
                  .map(Mode::word)
                  .sorted()
                  .toList()
              : List.of());
    }
  }
}
