package io.sluice.testing;

import static java.util.Comparator.comparing;

import io.sluice.log.Batch;
import io.sluice.log.Catalog;
import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.Isolation;
import io.sluice.log.LiveLog;
import io.sluice.log.LogException;
import io.sluice.log.LogFailure;
import io.sluice.log.LogRecord;
import io.sluice.log.Partition;
import io.sluice.log.ReadableLog;
import io.sluice.log.RecordKey;
import io.sluice.log.ReplayLog;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A log in memory behind all three reading ports. Nothing happens by itself: the test runs the
 * reader's tasks, its polls, the reads of replays and the answers of the catalog, in whichever
 * order it likes. Not for several threads.
 */
public final class FakeLog implements LiveLog, ReplayLog, Catalog {
  private record Entry(@Nullable String key, byte[] value) {}

  private static final class Store {
    final TreeMap<Long, Entry> records = new TreeMap<>();
    final Map<Long, Long> times = new HashMap<>();
    long oldest;
    long head;
  }

  private static final class Reading {
    final Store store;
    long position;

    Reading(Store store, long position) {
      this.store = store;
      this.position = position;
    }
  }

  private record Read(Request request, Handler handler) {}

  /** A watched topic, with all ids that it has had meanwhile. */
  private static final class Watched {
    final Set<TopicId> ids = new HashSet<>();
    TopicId told;
    int watchers;

    Watched(TopicId told) {
      this.told = told;
    }
  }

  /** What the reader was asked to do between polls. */
  public final ManualExecutor reader = new ManualExecutor();

  /** Answers of the catalog that have not been given. */
  public final ManualExecutor answers = new ManualExecutor();

  /** What looking a topic up fails with, while it is set. */
  public @Nullable LogFailure failLookups;

  private final Map<String, Topic> topics = new HashMap<>();
  private final Map<String, Topic> remembered = new HashMap<>();
  private final Map<Partition, Store> stores = new HashMap<>();
  private final TreeMap<Partition, Reading> reading = new TreeMap<>();
  private final Deque<Read> reads = new ArrayDeque<>();
  private final Deque<LogFailure> readFailures = new ArrayDeque<>();
  private final Map<String, Watched> watched = new HashMap<>();
  private final List<Catalog.Listener> catalogListeners = new ArrayList<>();
  private final List<Request> requests = new ArrayList<>();
  private final int parallelism;
  private LiveLog.@Nullable Listener listener;
  private int lookups;
  private int listings;
  private int topicCount;

  public FakeLog(int parallelism) {
    this.parallelism = parallelism;
  }

  /** This log, for readers of committed records. */
  public Map<Isolation, ReadableLog> readable() {
    return Map.of(Isolation.READ_COMMITTED, new ReadableLog(this, this, this));
  }

  /** Starts the reader. */
  public void start(LiveLog.Listener newListener) {
    listener = newListener;
  }

  public Topic create(String name, int partitionCount) {
    Topic topic = new Topic(name, new TopicId("id-" + ++topicCount), partitionCount);
    topics.put(name, topic);
    topic.partitions().forEach(partition -> stores.put(partition, new Store()));
    return topic;
  }

  /** Adds a record without a key and returns its offset. */
  public long append(Partition partition, String value) {
    return append(partition, null, value);
  }

  /** Adds a record and returns its offset. */
  public long append(Partition partition, @Nullable String key, String value) {
    Store store = store(partition);
    store.records.put(store.head, new Entry(key, value.getBytes(StandardCharsets.UTF_8)));
    return store.head++;
  }

  /** The same, with a timestamp. */
  public long append(Partition partition, @Nullable String key, String value, long timestamp) {
    Store store = store(partition);
    store.times.put(store.head, timestamp);
    return append(partition, key, value);
  }

  /** Adds {@code count} offsets without a record, as a transaction's marker does. */
  public void skip(Partition partition, int count) {
    store(partition).head += count;
  }

  /** Retention: forgets what lies below {@code offset}. */
  public void deleteBefore(Partition partition, long offset) {
    Store store = store(partition);
    store.oldest = Math.max(store.oldest, Math.min(offset, store.head));
    store.records.headMap(store.oldest).clear();
  }

  /** The topic as it is. */
  public Topic now(String name) {
    return topicNow(name);
  }

  public boolean exists(String name) {
    return topics.containsKey(name);
  }

  public long head(Partition partition) {
    return store(partition).head;
  }

  public long oldestOf(Partition partition) {
    return store(partition).oldest;
  }

  /** Where records with that time or a later one are. */
  public List<Long> offsetsSince(long timestamp, Partition partition) {
    return offsetsSince(timestamp, store(partition)).boxed().toList();
  }

  public void addPartitions(String name, int partitionCount) {
    Topic before = topicNow(name);
    Topic topic = new Topic(name, before.id(), partitionCount);
    topics.put(name, topic);
    topic.partitions().forEach(partition -> stores.putIfAbsent(partition, new Store()));
    tell(name, each -> each.onPartitionsAdded(before, topic));
  }

  /**
   * Looking {@code name} up finds it as it is now, whatever becomes of it, until it is asked anew.
   */
  public void remember(String name) {
    remembered.put(name, topicNow(name));
  }

  /** Deletes the topic: its partitions are read no longer, then those who watch it are told. */
  public void delete(String name) {
    Topic topic = topicNow(name);
    topics.remove(name);
    topic.partitions().forEach(stores::remove);
    for (Partition partition : topic.partitions()) {
      if (reading.containsKey(partition)) {
        breakOff(partition, new LogFailure.TopicDeleted(name));
      }
    }
    tell(name, each -> each.onDeleted(topic));
    watched.remove(name);
  }

  /** Deletes the topic and makes it again; the reader gets nothing more of the old one. */
  public Topic recreate(String name, int partitionCount) {
    Topic before = topicNow(name);
    before.partitions().forEach(stores::remove);
    Topic now = create(name, partitionCount);
    isKnownAs(now);
    tell(name, each -> each.onRecreated(before, now));
    return now;
  }

  /** The reader gives {@code partition} up. */
  public void breakOff(Partition partition, LogFailure failure) {
    reading.remove(partition);
    toListener().onStopped(partition, failure);
  }

  /** Reads at most {@code most} offsets of each partition. */
  public void poll(int most) {
    for (Partition partition : List.copyOf(reading.keySet())) {
      Reading at = reading.get(partition);
      if (at == null) {
        continue;
      }
      Store store = at.store;
      if (at.position < store.oldest) {
        Gap gap = new Gap(partition, at.position, store.oldest, GapReason.RETENTION);
        at.position = store.oldest;
        toListener().onGap(gap);
      } else if (at.position < store.head) {
        long from = at.position;
        at.position = Math.min(store.head, from + most);
        toListener().onBatch(batch(store, partition, from, at.position, Integer.MAX_VALUE));
      }
    }
    toListener().onPollCompleted();
  }

  public boolean isReading(Partition partition) {
    return reading.containsKey(partition);
  }

  /** Answers the oldest replay read that waits; false where none does. */
  public boolean runRead() {
    Read read = reads.poll();
    if (read == null) {
      return false;
    }
    Request request = read.request();
    LogFailure failure = readFailures.poll();
    Store store = stores.get(request.partition());
    if (failure != null) {
      read.handler().onFailure(failure);
    } else if (store == null) {
      read.handler().onFailure(new LogFailure.UnknownTopic(request.partition().topic()));
    } else if (!isKnown(request.partition().topic())) {
      read.handler().onFailure(new LogFailure.Unavailable("Another topic has its name."));
    } else if (request.from() < store.oldest || request.from() > store.head) {
      read.handler()
          .onFailure(
              new LogFailure.OffsetOutOfRange(
                  request.partition(), request.from(), store.oldest, store.head));
    } else {
      long until = Math.min(request.until(), store.head);
      read.handler()
          .onBatch(batch(store, request.partition(), request.from(), until, request.maxBytes()));
    }
    return true;
  }

  /** The next replay read fails. */
  public void failNextRead(LogFailure failure) {
    readFailures.add(failure);
  }

  /** No replay read fails any more. */
  public void heal() {
    readFailures.clear();
  }

  /** All replay reads that were asked for. */
  public List<Request> requests() {
    return requests;
  }

  public int waitingReads() {
    return reads.size();
  }

  /** How often the catalog was asked for all topics. */
  public int listings() {
    return listings;
  }

  /** How often the catalog was asked for offsets. */
  public int lookups() {
    return lookups;
  }

  public int watchers(String name) {
    Watched entry = watched.get(name);
    return entry == null ? 0 : entry.watchers;
  }

  @Override
  public void execute(Runnable task) {
    reader.execute(task);
  }

  @Override
  public void read(Partition partition, long from) {
    if (reading.putIfAbsent(partition, new Reading(readable(partition), from)) != null) {
      throw new IllegalStateException(partition + " is read already.");
    }
  }

  private Store readable(Partition partition) {
    Store store = stores.get(partition);
    return store != null && isKnown(partition.topic()) ? store : new Store();
  }

  /**
   * False while those who watch the topic believe that it is one that is no more: until they are
   * told, nothing is read as if it were of that one.
   */
  private boolean isKnown(String name) {
    Topic topic = topics.get(name);
    Watched entry = watched.get(name);
    return topic != null && (entry == null || entry.told.equals(topic.id()));
  }

  @Override
  public void stop(Partition partition) {
    if (reading.remove(partition) == null) {
      throw new IllegalStateException(partition + " is not read.");
    }
  }

  @Override
  public int parallelism() {
    return parallelism;
  }

  @Override
  public void read(Request request, Handler handler) {
    if (request.until() <= request.from()) {
      throw new IllegalArgumentException("An empty read: " + request);
    }
    if (reads.size() >= parallelism) {
      throw new IllegalStateException("More reads at once than there are readers.");
    }
    requests.add(request);
    reads.add(new Read(request, handler));
  }

  @Override
  public CompletionStage<Topic> topic(String name) {
    return answer(() -> {
      if (failLookups != null) {
        throw new LogException(failLookups);
      }
      Topic known = remembered.get(name);
      return known != null ? known : topicNow(name);
    });
  }

  @Override
  public CompletionStage<Topic> current(String name) {
    remembered.remove(name);
    return topic(name);
  }

  @Override
  public CompletionStage<Map<String, TopicId>> ids() {
    listings++;
    return answer(() -> {
      Map<String, TopicId> ids = new TreeMap<>();
      topics.values().forEach(topic -> ids.put(topic.name(), topic.id()));
      return ids;
    });
  }

  @Override
  public CompletionStage<List<Topic>> topics() {
    return answer(() -> topics.values().stream().sorted(comparing(Topic::name)).toList());
  }

  @Override
  public Partition partitionOf(RecordKey key, Topic topic) {
    return new Partition(topic.name(), Math.floorMod(key.hashCode(), topic.partitionCount()));
  }

  @Override
  public CompletionStage<Map<Partition, Long>> heads(Collection<Partition> partitions) {
    return offsets(partitions, store -> store.head);
  }

  @Override
  public CompletionStage<Map<Partition, Long>> oldest(Collection<Partition> partitions) {
    return offsets(partitions, store -> store.oldest);
  }

  @Override
  public CompletionStage<Map<Partition, OptionalLong>> firstSince(
      long timestamp, Collection<Partition> partitions) {
    lookups++;
    return answer(() -> {
      Map<Partition, OptionalLong> found = new HashMap<>();
      partitions.forEach(
          partition -> found.put(partition, firstSince(timestamp, store(partition))));
      return found;
    });
  }

  private static OptionalLong firstSince(long timestamp, Store store) {
    return offsetsSince(timestamp, store).findFirst();
  }

  private static LongStream offsetsSince(long timestamp, Store store) {
    return store.records.keySet().stream()
        .mapToLong(Long::longValue)
        .filter(offset -> timestamp(store, offset) >= timestamp);
  }

  private static long timestamp(Store store, long offset) {
    return store.times.getOrDefault(offset, LogRecord.NO_TIMESTAMP);
  }

  @Override
  public void watch(Topic topic) {
    Watched entry = watched.computeIfAbsent(topic.name(), name -> new Watched(topic.id()));
    entry.ids.add(topic.id());
    entry.watchers++;
    answers.execute(() -> tellIfChanged(topic));
  }

  /** What changed between the description that the watcher has and its watch, it is told too. */
  private void tellIfChanged(Topic known) {
    Topic now = topics.get(known.name());
    if (now == null) {
      tell(known.name(), each -> each.onDeleted(known));
      watched.remove(known.name());
    } else if (!now.id().equals(known.id())) {
      isKnownAs(now);
      tell(known.name(), each -> each.onRecreated(known, now));
    } else if (now.partitionCount() > known.partitionCount()) {
      tell(known.name(), each -> each.onPartitionsAdded(known, now));
    }
  }

  @Override
  public void unwatch(Topic topic) {
    Watched entry = watched.get(topic.name());
    if (entry != null && entry.ids.contains(topic.id())) {
      entry.watchers--;
      if (entry.watchers == 0) {
        watched.remove(topic.name());
      }
    }
  }

  private void isKnownAs(Topic now) {
    Watched entry = watched.get(now.name());
    if (entry != null) {
      entry.ids.add(now.id());
      entry.told = now.id();
    }
  }

  @Override
  public void addListener(Catalog.Listener newListener) {
    catalogListeners.add(newListener);
  }

  private CompletionStage<Map<Partition, Long>> offsets(
      Collection<Partition> partitions, ToLongFunction<Store> of) {
    if (!partitions.isEmpty()) {
      lookups++;
    }
    return answer(() -> {
      Map<Partition, Long> found = new HashMap<>();
      partitions.forEach(partition -> found.put(partition, of.applyAsLong(store(partition))));
      return found;
    });
  }

  private <T> CompletionStage<T> answer(Supplier<T> value) {
    CompletableFuture<T> future = new CompletableFuture<>();
    answers.execute(() -> {
      try {
        future.complete(value.get());
      } catch (LogException e) {
        future.completeExceptionally(e);
      }
    });
    return future;
  }

  private Batch batch(Store store, Partition partition, long from, long until, int maxBytes) {
    List<LogRecord> records = new ArrayList<>();
    int bytes = 0;
    long to = until;
    for (Map.Entry<Long, Entry> each : store.records.subMap(from, until).entrySet()) {
      if (bytes > maxBytes) {
        to = each.getKey();
        break;
      }
      Entry entry = each.getValue();
      bytes += entry.value().length;
      ByteBuffer key = entry.key() == null ? null : StandardCharsets.UTF_8.encode(entry.key());
      ByteBuffer value = ByteBuffer.wrap(entry.value());
      long time = timestamp(store, each.getKey());
      records.add(new LogRecord(partition, each.getKey(), time, key, List.of(), value));
    }
    return new Batch(partition, from, to, records);
  }

  private void tell(String name, Consumer<Catalog.Listener> news) {
    if (watchers(name) > 0) {
      catalogListeners.forEach(news);
    }
  }

  private LiveLog.Listener toListener() {
    if (listener == null) {
      throw new IllegalStateException("The reader was not started.");
    }
    return listener;
  }

  private Topic topicNow(String name) {
    Topic topic = topics.get(name);
    if (topic == null) {
      throw new LogException(new LogFailure.UnknownTopic(name));
    }
    return topic;
  }

  private Store store(Partition partition) {
    Store store = stores.get(partition);
    if (store == null) {
      throw new LogException(
          topics.containsKey(partition.topic())
              ? new LogFailure.Invalid("There is no partition " + partition + ".")
              : new LogFailure.UnknownTopic(partition.topic()));
    }
    return store;
  }
}
