package io.sluice.kafka;

import io.sluice.log.Catalog;
import io.sluice.log.Isolation;
import io.sluice.log.LogException;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.RecordKey;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The catalog, asked from {@link BrokerQuestions} and kept in a {@link TopicCache}. What it knows
 * and what it is asking belongs to its own thread: single topics to {@link NamedTopics}, what
 * becomes of them to {@link TopicRounds}, all of them to {@link ClusterTopics}.
 */
final class KafkaCatalog implements Catalog {
  /** How often watched topics are described. */
  private static final long SWEEP_MS = 5_000;

  /**
   * How old a description may be by which records are written: to send to a deleted topic may make
   * it again.
   */
  static final Duration TRUSTED_FOR = Duration.ofSeconds(1);

  /** Half of it: a topic that is written to all the time never waits. */
  private static final Duration RENEWED_AFTER = TRUSTED_FOR.dividedBy(2);

  private final LongSupplier nanoTime;
  private final TopicCache cache = new TopicCache();
  private final TopicWatch watch = new TopicWatch();
  private final TaskThread thread;
  private final NamedTopics named;
  private final TopicRounds rounds;
  private final ClusterTopics all;
  private final OffsetLookups<Long> heads;
  private final OffsetLookups<Long> highWatermarks;
  private final OffsetLookups<Long> oldest;
  private final SinceLookups since;

  /**
   * @param onFatal hears of an {@link Error} on its thread, after which it may owe answers
   */
  KafkaCatalog(BrokerQuestions brokers, LongSupplier nanoTime, Consumer<Throwable> onFatal) {
    this.nanoTime = nanoTime;
    this.thread = new TaskThread("sluice-catalog", onFatal);
    this.named = new NamedTopics(brokers, cache, thread::execute, nanoTime);
    this.rounds = new TopicRounds(brokers, cache, watch, thread, nanoTime);
    this.all =
        new ClusterTopics(
            brokers, TopicQuestions.NAMES_PER_REQUEST, thread::execute, nanoTime, cache::listed);
    this.heads = new OffsetLookups<>(brokers::heads, thread::execute);
    this.highWatermarks = new OffsetLookups<>(brokers::highWatermarks, thread::execute);
    this.oldest = new OffsetLookups<>(brokers::oldest, thread::execute);
    this.since = new SinceLookups(brokers, thread::execute);
  }

  void start() {
    thread.repeat(rounds::sweep, SWEEP_MS);
  }

  void close() {
    thread.close();
  }

  @Override
  public CompletionStage<Topic> topic(String name) {
    if (!TopicNames.isShown(name)) {
      return CompletableFuture.failedFuture(new LogException(new LogFailure.UnknownTopic(name)));
    }
    Topic cached = cache.fresh(name, nanoTime.getAsLong());
    if (cached != null) {
      return CompletableFuture.completedFuture(cached);
    }
    return onThread(result -> named.lookUp(name, TopicCache.KNOWN_FOR, result));
  }

  @Override
  public CompletionStage<Map<String, TopicId>> ids() {
    return onThread(all::ids);
  }

  @Override
  public CompletionStage<List<Topic>> topics() {
    return onThread(all::topics);
  }

  @Override
  public Partition partitionOf(RecordKey key, Topic topic) {
    return new Partition(topic.name(), DefaultPartitioner.partition(key, topic.partitionCount()));
  }

  @Override
  public CompletionStage<Map<Partition, Long>> heads(Collection<Partition> partitions) {
    return offsets(partitions, heads::of);
  }

  /** The head of each partition for a reader that does not wait for transactions to end. */
  CompletionStage<Map<Partition, Long>> highWatermarks(Collection<Partition> partitions) {
    return offsets(partitions, highWatermarks::of);
  }

  @Override
  public CompletionStage<Map<Partition, Long>> oldest(Collection<Partition> partitions) {
    return offsets(partitions, oldest::of);
  }

  @Override
  public CompletionStage<Map<Partition, OptionalLong>> firstSince(
      long timestamp, Collection<Partition> partitions) {
    return firstSince(timestamp, partitions, Isolation.READ_COMMITTED);
  }

  /** The same as readers of {@code isolation} see it. */
  CompletionStage<Map<Partition, OptionalLong>> firstSince(
      long timestamp, Collection<Partition> partitions, Isolation isolation) {
    return offsets(partitions, asked -> since.of(timestamp, isolation, asked));
  }

  @Override
  public void watch(Topic topic) {
    thread.execute(() -> {
      if (!watch.watch(topic)) {
        rounds.refresh(topic.name(), new CompletableFuture<>());
      }
    });
  }

  @Override
  public void unwatch(Topic topic) {
    thread.execute(() -> watch.unwatch(topic));
  }

  @Override
  public void addListener(Listener listener) {
    watch.addListener(listener);
  }

  /**
   * The topic, when it was described less than {@link #TRUSTED_FOR} ago; asks anew in time. Never
   * waits.
   */
  @Nullable Topic lastKnown(String name) {
    long now = nanoTime.getAsLong();
    Topic last = cache.within(name, now, TRUSTED_FOR);
    if (last != null && cache.within(name, now, RENEWED_AFTER) == null) {
      thread.execute(() -> named.renew(name));
    }
    return last;
  }

  /**
   * As {@link #topic}, but from the brokers where it was described more than {@link #TRUSTED_FOR}
   * ago.
   */
  @Override
  public CompletionStage<Topic> current(String name) {
    return TopicNames.isShown(name)
        ? onThread(result -> named.lookUp(name, TRUSTED_FOR, result))
        : topic(name);
  }

  /**
   * Forgets what is cached about {@code name}: somebody has seen that it is no longer so. Any
   * thread.
   */
  void forget(String name) {
    cache.forget(name);
  }

  /**
   * Describes {@code name} at once, tells the listeners what happened to it, and then says so here.
   * Used when something hints that the topic is not what it was.
   */
  CompletionStage<TopicChange> refreshNow(String name) {
    return onThread(result -> rounds.refresh(name, result));
  }

  private <T> CompletionStage<Map<Partition, T>> offsets(
      Collection<Partition> partitions,
      Function<Collection<Partition>, CompletionStage<Map<Partition, T>>> ask) {
    if (partitions.isEmpty()) {
      return CompletableFuture.completedFuture(Map.of());
    }
    // Of a topic that is gone Admin would ask until its timeout: better to know first.
    Set<String> names = partitions.stream().map(Partition::topic).collect(Collectors.toSet());
    Map<String, CompletableFuture<Topic>> topics = HashMap.newHashMap(names.size());
    names.forEach(name -> topics.put(name, topic(name).toCompletableFuture()));
    return CompletableFuture.allOf(topics.values().toArray(new CompletableFuture<?>[0]))
        .thenCompose(all -> {
          for (Partition partition : partitions) {
            CompletableFuture<Topic> topic = topics.get(partition.topic());
            int count = topic == null ? 0 : topic.join().partitionCount();
            if (partition.number() < 0 || partition.number() >= count) {
              throw new LogException(
                  new LogFailure.Invalid("There is no partition " + partition + "."));
            }
          }
          return ask.apply(partitions);
        })
        .handle((found, failure) ->
            this.<Map<Partition, T>>onThread(
                result -> completeOffsets(result, names, found, failure)))
        .thenCompose(stage -> stage);
  }

  private static <T> void completeOffsets(
      CompletableFuture<Map<Partition, T>> result,
      Set<String> names,
      @Nullable Map<Partition, T> found,
      @Nullable Throwable failure) {
    if (found != null) {
      result.complete(found);
    } else if (failure != null) {
      String topic = names.size() == 1 ? names.iterator().next() : names.size() + " topics";
      result.completeExceptionally(new LogException(KafkaFailures.ofReading(failure, topic)));
    }
  }

  private <T> CompletableFuture<T> onThread(Consumer<CompletableFuture<T>> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    if (!thread.execute(() -> task.accept(result))) {
      result.completeExceptionally(
          new LogException(new LogFailure.Unavailable("This gateway is stopping.")));
    }
    return result;
  }
}
