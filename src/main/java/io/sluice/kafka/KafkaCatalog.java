package io.sluice.kafka;

import io.sluice.kafka.BrokerQuestions.Answer;
import io.sluice.kafka.BrokerQuestions.Found;
import io.sluice.kafka.BrokerQuestions.Missing;
import io.sluice.log.Catalog;
import io.sluice.log.Isolation;
import io.sluice.log.LogException;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.RecordKey;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The catalog, asked from {@link BrokerQuestions} and kept in a {@link TopicCache}. Look-ups of one
 * name are one question, many names are one request, and at most {@link #REQUESTS_AT_ONCE} requests
 * are on their way: a hundred thousand unknown names are 500 small requests, one after the other.
 *
 * <p>Its mutable state belongs to its own thread.
 */
final class KafkaCatalog implements Catalog {
  /** Names in one request: 200 of at most 249 characters stay below 64 KiB. */
  private static final int NAMES_PER_REQUEST = 200;

  /** Two: the next batch is under way while one is being answered. */
  private static final int REQUESTS_AT_ONCE = 2;

  /** Different names that may wait to be asked; whoever comes later is told to try again. */
  private static final int NAMES_WAITING = 10_000;

  /** How often watched topics are described. */
  private static final long SWEEP_MS = 5_000;

  /**
   * A topic counts as deleted when it is missing twice, so far apart; what was made again meanwhile
   * is recreated.
   */
  private static final long MAKE_SURE_AFTER_MS = 500;

  /**
   * How old a description may be by which records are written: to send to a deleted topic may make
   * it again.
   */
  static final Duration TRUSTED_FOR = Duration.ofSeconds(1);

  /** Half of it: a topic that is written to all the time never waits. */
  private static final Duration RENEWED_AFTER = TRUSTED_FOR.dividedBy(2);

  private final BrokerQuestions brokers;
  private final LongSupplier nanoTime;
  private final TopicCache cache = new TopicCache();
  private final TopicWatch watch = new TopicWatch();
  private final ScheduledExecutorService thread;
  private final ClusterTopics all;
  private final OffsetLookups heads;
  private final OffsetLookups oldest;

  // Owned by the catalog's thread. Names leave in the order in which they came.
  private final Map<String, List<CompletableFuture<Topic>>> waiting = new LinkedHashMap<>();
  private final Map<String, List<CompletableFuture<Topic>>> asked = new HashMap<>();
  private int requests;

  KafkaCatalog(BrokerQuestions brokers, LongSupplier nanoTime) {
    this.brokers = brokers;
    this.nanoTime = nanoTime;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sluice-catalog").factory());
    this.all =
        new ClusterTopics(brokers, NAMES_PER_REQUEST, this::execute, nanoTime, cache::listed);
    this.heads = new OffsetLookups(brokers::heads, this::execute);
    this.oldest = new OffsetLookups(brokers::oldest, this::execute);
  }

  void start() {
    thread.scheduleWithFixedDelay(this::sweep, SWEEP_MS, SWEEP_MS, TimeUnit.MILLISECONDS);
  }

  void close() {
    thread.shutdownNow();
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
    return onThread(result -> lookUp(name, TopicCache.KNOWN_FOR, result));
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
    return offsets(partitions, brokers::highWatermarks);
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
    return offsets(partitions, asked -> brokers.firstSince(timestamp, asked, isolation));
  }

  @Override
  public void watch(Topic topic) {
    execute(() -> watch.watch(topic));
  }

  @Override
  public void unwatch(Topic topic) {
    execute(() -> watch.unwatch(topic));
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
      execute(() -> renew(name));
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
        ? onThread(result -> lookUp(name, TRUSTED_FOR, result))
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
    return onThread(result -> refresh(name, false, result));
  }

  private void lookUp(String name, Duration age, CompletableFuture<Topic> result) {
    long now = nanoTime.getAsLong();
    Topic cached = cache.within(name, now, age);
    if (cached != null) {
      result.complete(cached);
    } else if (cache.isUnknown(name, now)) {
      result.completeExceptionally(new LogException(new LogFailure.UnknownTopic(name)));
    } else if (asked.get(name) instanceof List<CompletableFuture<Topic>> others) {
      others.add(result);
    } else if (waiting.size() >= NAMES_WAITING && !waiting.containsKey(name)) {
      result.completeExceptionally(
          new LogException(new LogFailure.Unavailable("Too many topics are being looked up.")));
    } else {
      waiting.computeIfAbsent(name, key -> new ArrayList<>(1)).add(result);
      askWaiting();
    }
  }

  private void renew(String name) {
    if (!asked.containsKey(name) && !waiting.containsKey(name)) {
      lookUp(name, RENEWED_AFTER, new CompletableFuture<>());
    }
  }

  private void askWaiting() {
    while (requests < REQUESTS_AT_ONCE && !waiting.isEmpty()) {
      List<String> names = waiting.keySet().stream().limit(NAMES_PER_REQUEST).toList();
      for (String name : names) {
        List<CompletableFuture<Topic>> results = waiting.remove(name);
        asked.put(name, results == null ? new ArrayList<>() : results);
      }
      requests++;
      describe(
          names,
          (name, answer) -> {
            learn(name, answer);
            List<CompletableFuture<Topic>> results = asked.remove(name);
            if (results != null) {
              results.forEach(result -> complete(result, answer));
            }
          },
          () -> {
            requests--;
            askWaiting();
          });
    }
  }

  private void refresh(String name, boolean missedBefore, CompletableFuture<TopicChange> result) {
    describe(
        List.of(name),
        (described, answer) -> {
          switch (answer) {
            case Found(Topic topic) -> result.complete(compareWithLast(name, topic));
            case Missing missing when missing.isCertain() && missedBefore -> {
              learn(name, answer);
              watch.compare(name, null);
              result.complete(TopicChange.DELETED);
            }
            case Missing missing when missing.isCertain() -> makeSure(name, result);
            case Missing missing -> result.completeExceptionally(missing.asException());
          }
        },
        () -> {});
  }

  /**
   * A topic that nobody watches is compared with the cache: whoever read the old one has lost it.
   */
  private TopicChange compareWithLast(String name, Topic now) {
    Topic last = cache.last(name);
    learn(name, new Found(now));
    if (watch.isWatched(name)) {
      return watch.compare(name, now);
    }
    return last != null && !last.id().equals(now.id()) ? TopicChange.DELETED : TopicChange.NONE;
  }

  private void makeSure(String name, CompletableFuture<TopicChange> result) {
    schedule(() -> refresh(name, true, result), MAKE_SURE_AFTER_MS);
  }

  private void sweep() {
    List<String> names = watch.names();
    if (names.isEmpty()) {
      return;
    }
    describe(
        names,
        (name, answer) -> {
          switch (answer) {
            case Found(Topic topic) -> compareWithLast(name, topic);
            case Missing missing when missing.isCertain() ->
                makeSure(name, new CompletableFuture<>());
            case Missing unclear -> {}
          }
        },
        () -> {});
  }

  private void learn(String name, Answer answer) {
    switch (answer) {
      case Found(Topic topic) -> cache.found(topic, nanoTime.getAsLong());
      case Missing missing when missing.isCertain() -> cache.missed(name, nanoTime.getAsLong());
      case Missing unclear -> {}
    }
  }

  /** Asks, and comes back to this thread: once for each name, then {@code after}. */
  private void describe(List<String> names, BiConsumer<String, Answer> each, Runnable after) {
    brokers
        .describe(names)
        .whenComplete((answers, failure) ->
            execute(() -> {
              for (String name : names) {
                Answer answer = answers == null ? null : answers.get(name);
                each.accept(name, answer == null ? unanswered(name, failure) : answer);
              }
              after.run();
            }));
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

  private static void complete(CompletableFuture<Topic> result, Answer answer) {
    switch (answer) {
      case Found(Topic topic) -> result.complete(topic);
      case Missing missing -> result.completeExceptionally(missing.asException());
    }
  }

  private static Missing unanswered(String name, @Nullable Throwable failure) {
    return new Missing(
        failure == null
            ? new LogFailure.Unavailable("Kafka did not answer about " + name + ".")
            : KafkaFailures.ofReading(failure, name));
  }

  private <T> CompletableFuture<T> onThread(Consumer<CompletableFuture<T>> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    if (!execute(() -> task.accept(result))) {
      result.completeExceptionally(
          new LogException(new LogFailure.Unavailable("This gateway is stopping.")));
    }
    return result;
  }

  private boolean execute(Runnable task) {
    try {
      thread.execute(task);
      return true;
    } catch (RejectedExecutionException closed) {
      return false;
    }
  }

  private void schedule(Runnable task, long delayMs) {
    if (!thread.isShutdown()) {
      var unused = thread.schedule(task, delayMs, TimeUnit.MILLISECONDS);
    }
  }
}
