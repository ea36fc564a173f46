package io.sluice.relay;

import io.sluice.log.Batch;
import io.sluice.log.Catalog;
import io.sluice.log.LiveLog;
import io.sluice.log.LogException;
import io.sluice.log.LogFailure;
import io.sluice.log.LogRecord;
import io.sluice.log.Partition;
import io.sluice.log.RecordKey;
import io.sluice.log.ReplayLog;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Topics whose records follow from their offsets, so that they need no memory, and that come, grow
 * and go while real threads read them: one reads the head, two replay.
 *
 * <p>A record's key is {@code k} and its offset modulo {@link #KEYS}; its value names the topic's
 * id and the offset.
 */
final class EndlessTopics implements LiveLog, ReplayLog, Catalog {
  static final int KEYS = 5;

  final ExecutorService replays = Executors.newFixedThreadPool(2);
  volatile boolean stopped;

  private final long records;
  private final Consumer<Runnable> guard;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Map<String, Topic> topics = new ConcurrentHashMap<>();
  private final Map<String, Long> heads = new ConcurrentHashMap<>();
  private final Map<Partition, Long> reading = new HashMap<>();
  private final List<Catalog.Listener> listeners = new CopyOnWriteArrayList<>();
  private LiveLog.@Nullable Listener listener;

  /**
   * @param records how many a partition has
   * @param guard runs what may fail
   */
  EndlessTopics(long records, Consumer<Runnable> guard) {
    this.records = records;
    this.guard = guard;
  }

  /** Makes a topic that has {@code head} records of each partition already. */
  void create(String name, int partitions, long head) {
    heads.put(name, head);
    topics.put(name, new Topic(name, new TopicId(name + "#" + System.nanoTime()), partitions));
  }

  void grow(String name, int partitions) {
    Topic before = now(name);
    Topic topic = new Topic(name, before.id(), partitions);
    topics.put(name, topic);
    listeners.forEach(each -> each.onPartitionsAdded(before, topic));
  }

  void delete(String name) {
    Topic topic = now(name);
    topics.remove(name);
    tasks.add(() -> {
      for (Partition partition : topic.partitions()) {
        if (reading.remove(partition) != null) {
          listener().onStopped(partition, new LogFailure.TopicDeleted(name));
        }
      }
      listener().onPollCompleted();
    });
    listeners.forEach(each -> each.onDeleted(topic));
  }

  Topic now(String name) {
    Topic topic = topics.get(name);
    if (topic == null) {
      throw new LogException(new LogFailure.UnknownTopic(name));
    }
    return topic;
  }

  Collection<Topic> all() {
    return topics.values();
  }

  private LiveLog.Listener listener() {
    return Objects.requireNonNull(listener, "The reader was not started.");
  }

  /** Reads the head on the caller's thread until it is {@link #stopped}. */
  void run(LiveLog.Listener newListener) {
    listener = newListener;
    while (!stopped) {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
      boolean any = false;
      for (Partition partition : List.copyOf(reading.keySet())) {
        Topic topic = topics.get(partition.topic());
        Long from = reading.get(partition);
        if (topic != null && from != null && from < records) {
          any = true;
          long to = Math.min(records, from + 1 + ThreadLocalRandom.current().nextInt(40));
          reading.put(partition, to);
          newListener.onBatch(batch(topic, partition, from, to));
        }
      }
      newListener.onPollCompleted();
      if (!any) {
        Thread.yield();
      }
    }
  }

  private static Batch batch(Topic topic, Partition partition, long from, long to) {
    List<LogRecord> records = new ArrayList<>();
    for (long offset = from; offset < to; offset++) {
      ByteBuffer key = bytes("k" + offset % KEYS);
      ByteBuffer value = bytes(topic.id() + ":" + offset);
      records.add(new LogRecord(partition, offset, 0, key, List.of(), value));
    }
    return new Batch(partition, from, to, records);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public void read(Partition partition, long from) {
    reading.put(partition, from);
  }

  @Override
  public void stop(Partition partition) {
    reading.remove(partition);
  }

  @Override
  public int parallelism() {
    return 2;
  }

  @Override
  public void read(Request request, Handler handler) {
    replays.execute(() ->
        guard.accept(() -> {
          Topic topic = topics.get(request.partition().topic());
          if (topic == null) {
            handler.onFailure(new LogFailure.UnknownTopic(request.partition().topic()));
          } else {
            long to = Math.min(request.until(), request.from() + 500);
            handler.onBatch(batch(topic, request.partition(), request.from(), to));
          }
        }));
  }

  @Override
  public CompletionStage<Topic> topic(String name) {
    return answer(() -> now(name));
  }

  @Override
  public CompletionStage<Topic> current(String name) {
    return topic(name);
  }

  @Override
  public CompletionStage<Map<String, TopicId>> ids() {
    Map<String, TopicId> ids = new HashMap<>();
    topics.forEach((name, topic) -> ids.put(name, topic.id()));
    return CompletableFuture.completedFuture(ids);
  }

  @Override
  public CompletionStage<List<Topic>> topics() {
    return CompletableFuture.completedFuture(List.copyOf(topics.values()));
  }

  @Override
  public Partition partitionOf(RecordKey key, Topic topic) {
    return new Partition(topic.name(), Math.floorMod(key.hashCode(), topic.partitionCount()));
  }

  @Override
  public CompletionStage<Map<Partition, Long>> heads(Collection<Partition> partitions) {
    return answer(() -> offsets(partitions, true));
  }

  @Override
  public CompletionStage<Map<Partition, Long>> oldest(Collection<Partition> partitions) {
    return answer(() -> offsets(partitions, false));
  }

  @Override
  public CompletionStage<Map<Partition, OptionalLong>> firstSince(
      long timestamp, Collection<Partition> partitions) {
    Map<Partition, OptionalLong> none = new HashMap<>();
    partitions.forEach(partition -> none.put(partition, OptionalLong.empty()));
    return CompletableFuture.completedFuture(none);
  }

  private Map<Partition, Long> offsets(Collection<Partition> partitions, boolean atHead) {
    Map<Partition, Long> offsets = new HashMap<>();
    for (Partition partition : partitions) {
      String name = now(partition.topic()).name();
      offsets.put(partition, atHead ? heads.getOrDefault(name, 0L) : 0L);
    }
    return offsets;
  }

  private static <T> CompletionStage<T> answer(Supplier<T> value) {
    try {
      return CompletableFuture.completedFuture(value.get());
    } catch (LogException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public void watch(Topic topic) {
    Topic now = topics.get(topic.name());
    if (now == null) {
      listeners.forEach(each -> each.onDeleted(topic));
    } else if (now.partitionCount() > topic.partitionCount()) {
      listeners.forEach(each -> each.onPartitionsAdded(topic, now));
    }
  }

  @Override
  public void unwatch(Topic topic) {}

  @Override
  public void addListener(Catalog.Listener newListener) {
    listeners.add(newListener);
  }
}
