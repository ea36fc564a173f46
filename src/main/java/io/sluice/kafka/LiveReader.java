package io.sluice.kafka;

import io.sluice.log.Batch;
import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.LiveLog;
import io.sluice.log.LogFailure;
import io.sluice.log.LogRecord;
import io.sluice.log.Partition;
import io.sluice.logging.LogKeys;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live log on one consumer that belongs to one thread: commands, a poll, what it brought, and
 * again.
 *
 * <p>{@link #execute} is the crossing into that thread: it puts a task into a queue and wakes the
 * poll. {@code wakeup()} is sticky (it also ends the next poll when it came too late for this one),
 * which is harmless here because this consumer never commits. What every poll brought is told by
 * {@link ConsumerRecords#nextOffsets}, so that the blocking {@code position()} is never called.
 *
 * <p>A partition whose offset is refused, or whose leader epoch falls, is <em>doubtful</em>: it is
 * not read until the brokers have said what the log holds and whether the topic is still the same
 * one.
 */
final class LiveReader implements LiveLog {
  private static final Logger LOG = LoggerFactory.getLogger(LiveReader.class);

  /** The relay's clock moves with polls: an empty one must not hold up what is due in 100 ms. */
  private static final Duration POLL = Duration.ofMillis(200);

  /** How long tasks run between two polls. */
  private static final long TASKS_NANOS = Duration.ofMillis(2).toNanos();

  private static final long FIRST_BACKOFF_MS = 100;
  private static final long LAST_BACKOFF_MS = 2_000;

  private final Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers;
  private final BiFunction<Partition, Long, CompletionStage<DoubtfulOffsets.Verdict>> judge;
  private final KafkaCounters counters;
  private final LiveLag lag;
  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean closing;

  /**
   * The consumer while it polls, for {@link #execute} to wake: the first that comes takes it out,
   * for one wake-up is enough for all tasks that come until then.
   */
  private final AtomicReference<@Nullable Consumer<ByteBuffer, ByteBuffer>> polling =
      new AtomicReference<>();

  // Owned by the thread.
  private final LiveAssignment assignment = new LiveAssignment();
  private @Nullable Consumer<ByteBuffer, ByteBuffer> consumer;
  private long backoffMs = FIRST_BACKOFF_MS;
  private @Nullable Listener listener;

  /**
   * @param name what its thread is called
   */
  LiveReader(
      String name,
      Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers,
      BiFunction<Partition, Long, CompletionStage<DoubtfulOffsets.Verdict>> judge,
      KafkaCounters counters,
      java.util.function.Consumer<Throwable> onFatal) {
    this.consumers = consumers;
    this.judge = judge;
    this.counters = counters;
    this.lag = counters.liveLag.reader();
    this.thread =
        Thread.ofPlatform().daemon().name(name).unstarted(GuardedLoop.of(this::run, onFatal));
  }

  /**
   * Starts the thread; {@code listener} hears everything from now on, on that thread. Call once.
   */
  void start(Listener listener) {
    this.listener = listener;
    thread.start();
  }

  /** Stops reading and waits for the thread, at most {@code budget}. */
  void close(Duration budget) {
    closing = true;
    execute(() -> {}); // wakes it
    if (!thread.isAlive()) {
      return;
    }
    try {
      if (!thread.join(budget)) {
        LOG.atWarn()
            .addKeyValue(LogKeys.MILLIS, budget.toMillis())
            .log("The live reader did not end in time.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    var asleep = polling.get() == null ? null : polling.getAndSet(null);
    if (asleep != null) {
      asleep.wakeup();
    }
  }

  @Override
  public void read(Partition partition, long from) {
    TopicPartition key = Records.toKafka(partition);
    if (assignment.of(key) != null) {
      throw new IllegalStateException(partition + " is read already.");
    }
    assignment.add(new Reading(partition, key, from));
  }

  @Override
  public void stop(Partition partition) {
    assignment.remove(Records.toKafka(partition));
  }

  /** Ends what is read of a topic that was deleted. Any thread. */
  void onTopicDeleted(String topic) {
    execute(() ->
        stopAll(reading -> reading.key.topic().equals(topic), new LogFailure.TopicDeleted(topic)));
  }

  private void run() {
    while (!closing) {
      try {
        runOnce();
        backoffMs = FIRST_BACKOFF_MS;
      } catch (InterruptException | InterruptedException e) {
        LOG.warn("The live reader was interrupted and ends.");
        closing = true;
      } catch (RuntimeException e) {
        // Not about one partition: a new consumer goes on from the positions that are held here.
        counters.liveFailures.increment();
        counters.liveConsumersReplaced.increment();
        LOG.atWarn()
            .addKeyValue(LogKeys.MILLIS, backoffMs)
            .setCause(e)
            .log("The live consumer failed; after a pause it is replaced.");
        discardConsumer();
        pause();
      }
    }
    discardConsumer();
  }

  private void runOnce() throws InterruptedException {
    runTasks();
    if (closing) {
      return;
    }
    if (assignment.isIdle()) {
      lag.none();
      if (consumer != null) {
        assignment.applyTo(consumer);
      }
      Runnable next = tasks.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
      if (next != null) {
        runTask(next);
      }
      tell(Listener::onPollCompleted); // it is a clock too, also while there is nothing to poll for
      return;
    }
    var current = consumerWithAssignment();
    ConsumerRecords<ByteBuffer, ByteBuffer> found = poll(current);
    if (found != null) {
      counters.livePolls.increment();
      lag.look(current);
      handOver(found);
      tell(Listener::onPollCompleted);
    }
  }

  /**
   * Those that wait, but not for long: a thousand that subscribe at once do not hold up a record.
   */
  private void runTasks() {
    long began = System.nanoTime();
    do {
      Runnable task = tasks.poll();
      if (task == null) {
        return;
      }
      runTask(task);
    } while (System.nanoTime() - began < TASKS_NANOS);
  }

  private static void runTask(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("A task of the live reader failed.", e);
    }
  }

  private Consumer<ByteBuffer, ByteBuffer> consumerWithAssignment() {
    var current = consumer;
    if (current == null) {
      current = consumers.get();
      consumer = current;
      assignment.forgetConsumer();
    }
    assignment.applyTo(current);
    return current;
  }

  /** Null when the poll was woken, or told of a failure of some partitions. */
  private @Nullable ConsumerRecords<ByteBuffer, ByteBuffer> poll(
      Consumer<ByteBuffer, ByteBuffer> current) {
    polling.set(current);
    try {
      // A task that came before the line above has nobody to wake, or was left: it is seen here.
      return current.poll(tasks.isEmpty() ? POLL : Duration.ZERO);
    } catch (WakeupException woken) {
      return null;
    } catch (OffsetOutOfRangeException e) {
      counters.liveFailures.increment();
      e.partitions().forEach(this::doubt);
    } catch (TopicAuthorizationException e) {
      counters.liveFailures.increment();
      e.unauthorizedTopics()
          .forEach(topic -> stopTopic(topic, new LogFailure.Forbidden(topic, "reading")));
    } catch (InvalidTopicException e) {
      counters.liveFailures.increment();
      e.invalidTopics().forEach(topic -> stopTopic(topic, new LogFailure.UnknownTopic(topic)));
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      TopicPartition broken = BrokenPartition.in(e, assignment.keys());
      if (broken == null) {
        throw e;
      }
      counters.liveFailures.increment();
      LOG.atError()
          .addKeyValue(LogKeys.TOPIC, broken.topic())
          .addKeyValue(LogKeys.PARTITION, broken.partition())
          .setCause(e)
          .log("A partition cannot be read on.");
      stopAll(
          reading -> reading.key.equals(broken),
          new LogFailure.Internal("A record of " + broken + " cannot be read."));
    } finally {
      polling.set(null);
    }
    return null;
  }

  private void handOver(ConsumerRecords<ByteBuffer, ByteBuffer> found) {
    for (Map.Entry<TopicPartition, OffsetAndMetadata> end : found.nextOffsets().entrySet()) {
      Reading reading = assignment.of(end.getKey());
      if (reading == null || reading.doubtful) {
        continue;
      }
      List<ConsumerRecord<ByteBuffer, ByteBuffer>> records = found.records(end.getKey());
      if (reading.isOlderEpoch(records, end.getValue())) {
        doubt(reading.key);
      } else if (end.getValue().offset() > reading.next || !records.isEmpty()) {
        handOver(reading, records, end.getValue().offset());
      }
    }
  }

  private void handOver(
      Reading reading, List<ConsumerRecord<ByteBuffer, ByteBuffer>> records, long end) {
    List<LogRecord> translated = new ArrayList<>(records.size());
    long bytes = 0;
    for (ConsumerRecord<ByteBuffer, ByteBuffer> record : records) {
      LogRecord one = Records.ofKafka(reading.partition, record);
      translated.add(one);
      bytes += one.size();
    }
    counters.liveRecords.add(records.size());
    counters.liveBytes.add(bytes);
    Batch batch = new Batch(reading.partition, reading.next, end, translated);
    reading.next = end;
    if (!tell(to -> to.onBatch(batch))) {
      // Reading on would leave the batch out in silence.
      stopAll(
          other -> other == reading,
          new LogFailure.Internal("A record of " + reading.partition + " could not be relayed."));
    }
  }

  /** Stops asking for a partition, and asks the brokers what became of it. */
  private void doubt(TopicPartition key) {
    Reading reading = assignment.of(key);
    if (reading == null || reading.doubtful) {
      return;
    }
    assignment.putAside(reading);
    judge
        .apply(reading.partition, reading.next)
        .whenComplete((found, failure) -> execute(() -> settle(reading, found, failure)));
  }

  private void settle(
      Reading reading, DoubtfulOffsets.@Nullable Verdict verdict, @Nullable Throwable failure) {
    if (assignment.of(reading.key) != reading) {
      return;
    }
    if (verdict == null) {
      LOG.atDebug()
          .addKeyValue(LogKeys.TOPIC, reading.partition.topic())
          .addKeyValue(LogKeys.PARTITION, reading.partition.number())
          .setCause(failure)
          .log("It cannot be told what became of a partition; it is read again.");
      assignment.resume(reading);
      return;
    }
    switch (verdict) {
      case DoubtfulOffsets.InRange same -> assignment.resume(reading);
      case DoubtfulOffsets.Lost(long oldest) -> {
        Gap gap = new Gap(reading.partition, reading.next, oldest, GapReason.RETENTION);
        reading.next = oldest;
        assignment.resume(reading);
        tell(to -> to.onGap(gap));
        tell(Listener::onPollCompleted);
      }
      case DoubtfulOffsets.Stopped(LogFailure why) -> stopAll(other -> other == reading, why);
      // Whoever watches the topic has been told, and stops this reading or starts another one.
      case DoubtfulOffsets.Replaced other ->
          LOG.atInfo()
              .addKeyValue(LogKeys.TOPIC, reading.partition.topic())
              .addKeyValue(LogKeys.PARTITION, reading.partition.number())
              .log("A partition belongs to another topic of its name now.");
    }
  }

  private void stopTopic(String topic, LogFailure failure) {
    stopAll(reading -> reading.key.topic().equals(topic), failure);
  }

  private void stopAll(Predicate<Reading> which, LogFailure failure) {
    List<Reading> stopped = assignment.matching(which);
    for (Reading reading : stopped) {
      stop(reading.partition);
      tell(to -> to.onStopped(reading.partition, failure));
    }
    if (!stopped.isEmpty()) {
      tell(Listener::onPollCompleted);
    }
  }

  /** False where the listener failed over it. */
  private boolean tell(java.util.function.Consumer<Listener> news) {
    try {
      news.accept(Objects.requireNonNull(listener));
      return true;
    } catch (RuntimeException e) {
      LOG.error("The listener of the live reader failed.", e);
      return false;
    }
  }

  private void discardConsumer() {
    var old = consumer;
    consumer = null;
    if (old == null) {
      return;
    }
    try {
      old.close(CloseOptions.timeout(Duration.ZERO));
    } catch (KafkaException e) {
      LOG.debug("The live consumer did not close in order.", e);
    }
  }

  /** Waits before the next attempt; tasks run meanwhile. */
  private void pause() {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(backoffMs);
    backoffMs = Math.min(backoffMs * 2, LAST_BACKOFF_MS);
    try {
      for (long left = deadline - System.nanoTime();
          left > 0 && !closing;
          left = deadline - System.nanoTime()) {
        Runnable task = tasks.poll(left, TimeUnit.NANOSECONDS);
        if (task != null) {
          runTask(task);
        }
      }
    } catch (InterruptedException e) {
      closing = true;
    }
  }
}
