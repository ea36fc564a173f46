package io.sluice.kafka;

import io.sluice.log.Availability;
import io.sluice.log.Batch;
import io.sluice.log.LogFailure;
import io.sluice.log.LogRecord;
import io.sluice.log.Partition;
import io.sluice.log.ReplayLog;
import io.sluice.logging.LogKeys;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replay log: a few threads, each with a {@link ReplayConsumer}, that take slices from one
 * {@link ReplayQueue}. A thread here may wait for Kafka; nobody else waits for it.
 */
final class ReplayPool implements ReplayLog {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayPool.class);

  /** A consumer without work gives up its place after this, and with it what it has prefetched. */
  private static final long IDLE_MS = 5_000;

  /** How long a slice may take until Kafka counts as not answering. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /**
   * The same of a partition that was not answered last time: without a leader it would otherwise
   * hold a consumer for most of the time that it is tried again.
   */
  private static final Duration PATIENCE_AFTER_SILENCE = Duration.ofMillis(500);

  /** As many as anybody reads; what is silent beyond that is waited for each time. */
  private static final int MOST_SILENT = 10_000;

  /**
   * Longer than any question of {@link BrokerQuestions} takes: a topic twice, half a second apart,
   * and two offsets that may wait for others' answers first; 5 s each.
   */
  private static final long ANSWER_SECONDS = 21;

  private final ReplayQueue queue;
  private final AtomicInteger generation = new AtomicInteger();

  /** Partitions of which the last read was not answered. */
  private final Set<Partition> silent = ConcurrentHashMap.newKeySet();

  private final DoubtfulOffsets doubts;
  private final KafkaCatalog catalog;
  private final Availability availability;
  private final KafkaCounters counters;
  private final List<Thread> threads = new ArrayList<>();

  /**
   * @param name what its threads are called, before their numbers
   */
  ReplayPool(
      String name,
      int size,
      IntFunction<Consumer<ByteBuffer, ByteBuffer>> consumers,
      KafkaCatalog catalog,
      DoubtfulOffsets doubts,
      Availability availability,
      KafkaCounters counters,
      java.util.function.Consumer<Throwable> onFatal) {
    this.queue = new ReplayQueue(size);
    this.doubts = doubts;
    this.catalog = catalog;
    this.availability = availability;
    this.counters = counters;
    for (int i = 0; i < size; i++) {
      int number = i;
      ReplayConsumer consumer = new ReplayConsumer(() -> consumers.apply(number), generation::get);
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .name(name + "-" + number)
              .unstarted(GuardedLoop.of(() -> run(number, consumer), onFatal)));
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  /** Fails what is queued, and waits for what is being read, at most {@code budget}. */
  void close(Duration budget) {
    queue
        .close()
        .forEach(job -> fail(job, new LogFailure.Unavailable("This gateway is stopping.")));
    long deadline = System.nanoTime() + budget.toNanos();
    try {
      for (Thread thread : threads) {
        if (thread.isAlive()
            && !thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
          thread.interrupt();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * A topic was deleted, or made again: nothing that was fetched before is handed over to reads
   * that come from now on. Any thread.
   */
  void onTopicChanged() {
    generation.incrementAndGet();
    silent.clear();
  }

  @Override
  public int parallelism() {
    return threads.size();
  }

  @Override
  public void read(Request request, Handler handler) {
    ReplayQueue.Job job = new ReplayQueue.Job(request, handler);
    if (!queue.offer(job)) {
      fail(job, new LogFailure.Unavailable("This gateway is stopping."));
    }
  }

  private void run(int number, ReplayConsumer consumer) {
    try {
      while (true) {
        ReplayQueue.Job job = queue.take(number, IDLE_MS);
        if (job != null) {
          serve(number, consumer, job);
        } else if (queue.isClosed()) {
          return;
        } else {
          leave(consumer);
          queue.standsNowhere(number);
        }
      }
    } catch (InterruptedException closing) {
      LOG.debug("A replay thread was interrupted and ends.");
    } finally {
      discard(consumer);
    }
  }

  private void serve(int number, ReplayConsumer consumer, ReplayQueue.Job job)
      throws InterruptedException {
    Request request = job.request();
    if (!availability.isAvailable()) {
      fail(job, new LogFailure.Unavailable("Kafka is unavailable."));
      return;
    }
    boolean continued = consumer.standsAt(request.partition(), request.from());
    Batch batch;
    try {
      batch = consumer.read(request, patience(request.partition()));
    } catch (OffsetOutOfRangeException e) {
      queue.standsNowhere(number);
      fail(job, outOfRange(request));
      return;
    } catch (RuntimeException e) {
      queue.standsNowhere(number);
      LOG.atWarn()
          .addKeyValue(LogKeys.TOPIC, request.partition().topic())
          .addKeyValue(LogKeys.PARTITION, request.partition().number())
          .setCause(e)
          .log("A replay read failed.");
      discard(consumer);
      fail(job, KafkaFailures.ofReading(e, request.partition().topic()));
      return;
    }
    if (batch == null) {
      if (silent.size() < MOST_SILENT) {
        silent.add(request.partition());
      }
      leave(consumer);
      queue.standsNowhere(number);
      fail(job, unanswered(request));
      return;
    }
    silent.remove(request.partition());
    queue.standsAt(number, request.partition(), batch.to());
    counters.replayReads.increment();
    if (continued) {
      counters.replayContinued.increment();
    }
    counters.replayRecords.add(batch.records().size());
    counters.replayBytes.add(batch.records().stream().mapToLong(LogRecord::size).sum());
    try {
      job.handler().onBatch(batch);
    } catch (RuntimeException e) {
      onTakerFailed(request, e);
    }
  }

  private Duration patience(Partition partition) {
    return silent.contains(partition) ? PATIENCE_AFTER_SILENCE : PATIENCE;
  }

  private LogFailure outOfRange(Request request) throws InterruptedException {
    return ifStillThere(request, () -> doubts.range(request.partition(), request.from()));
  }

  /** Nothing came for seconds. */
  private LogFailure unanswered(Request request) throws InterruptedException {
    return ifStillThere(
        request,
        () ->
            now(new LogFailure.Unavailable("Kafka did not deliver " + request.partition() + ".")));
  }

  /**
   * What {@code failure} says, unless it failed because the topic is no more: of that whoever
   * watches it has been told when this returns, and so hears it before the failure of a read.
   */
  private LogFailure ifStillThere(
      Request request, Supplier<CompletionStage<? extends LogFailure>> failure)
      throws InterruptedException {
    String topic = request.partition().topic();
    CompletionStage<LogFailure> judged =
        catalog
            .refreshNow(topic)
            .thenCompose(change ->
                switch (change) {
                  case NONE -> failure.get().thenApply(Function.identity());
                  case DELETED -> now(new LogFailure.UnknownTopic(topic));
                  case RECREATED ->
                      now(new LogFailure.Unavailable("Another topic is called " + topic + " now."));
                });
    return await(judged, request);
  }

  private static CompletionStage<LogFailure> now(LogFailure failure) {
    return CompletableFuture.completedFuture(failure);
  }

  private static LogFailure await(CompletionStage<LogFailure> stage, Request request)
      throws InterruptedException {
    try {
      return stage.toCompletableFuture().get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return KafkaFailures.ofReading(e, request.partition().topic());
    }
  }

  private void fail(ReplayQueue.Job job, LogFailure failure) {
    counters.replayFailures.increment();
    try {
      job.handler().onFailure(failure);
    } catch (RuntimeException e) {
      onTakerFailed(job.request(), e);
    }
  }

  private static void onTakerFailed(Request request, RuntimeException failure) {
    LOG.atError()
        .addKeyValue(LogKeys.TOPIC, request.partition().topic())
        .addKeyValue(LogKeys.PARTITION, request.partition().number())
        .setCause(failure)
        .log("The taker of a replay failed.");
  }

  private static void leave(ReplayConsumer consumer) {
    try {
      consumer.leave();
    } catch (KafkaException e) {
      LOG.debug("A replay consumer did not leave its partition in order.", e);
    }
  }

  private static void discard(ReplayConsumer consumer) {
    try {
      consumer.discard();
    } catch (KafkaException e) {
      LOG.debug("A replay consumer did not close in order.", e);
    }
  }
}
