package io.sluice.kafka;

import io.sluice.log.Availability;
import io.sluice.log.LogFailure;
import io.sluice.log.OutgoingRecord;
import io.sluice.log.Partition;
import io.sluice.log.PublishOutcome;
import io.sluice.log.Publisher;
import io.sluice.log.Topic;
import io.sluice.logging.LogKeys;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes through one producer: {@link #publish} only puts a record into a queue, and one thread
 * hands it on, because {@code send} may block. That thread knows every topic from the catalog
 * before it sends; records of a topic that is still being looked up wait, in order, and hold up no
 * other topic.
 */
final class KafkaPublisher implements Publisher {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaPublisher.class);

  /** A record that the producer could not take for so long was never sent. */
  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Kafka's own default of {@code max.message.bytes}, for when a topic does not tell. */
  private static final long USUAL_MESSAGE_BYTES = 1_048_588;

  /** What is on its way when a producer is replaced because of a deleted topic has so long. */
  private static final Duration RETIRE = Duration.ofSeconds(1);

  /** Taken from the queue at once: its lock, over which event loops wait, is taken once for all. */
  private static final int BATCH = 32;

  private final KafkaCatalog catalog;
  private final BrokerQuestions brokers;
  private final Availability availability;
  private final PublishBudget budget;
  private final Outcomes outcomes;
  private final ProducerSlot slot;
  private final int maxRequestBytes;
  private final LongSupplier nanoTime;
  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean closing;
  private volatile Duration closeBudget = Duration.ZERO;

  // Owned by the thread.
  private final Map<String, ArrayDeque<Pending>> parked = new HashMap<>();

  private final WrittenTopics written;

  KafkaPublisher(
      KafkaCatalog catalog,
      BrokerQuestions brokers,
      Availability availability,
      PublishBudget budget,
      Outcomes outcomes,
      ProducerSlot slot,
      int maxRequestBytes,
      LongSupplier nanoTime,
      Consumer<Throwable> onFatal) {
    this.catalog = catalog;
    this.brokers = brokers;
    this.availability = availability;
    this.budget = budget;
    this.outcomes = outcomes;
    this.slot = slot;
    this.maxRequestBytes = maxRequestBytes;
    this.nanoTime = nanoTime;
    this.written = new WrittenTopics(catalog, nanoTime, this::onTopicDeleted);
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("sluice-publisher")
            .unstarted(GuardedLoop.of(this::run, onFatal));
  }

  void start() {
    thread.start();
  }

  /** Takes no more, sends what is there, and waits for it, at most {@code budget}. */
  void close(Duration budget) {
    closeBudget = budget;
    closing = true;
    if (!thread.isAlive()) {
      return;
    }
    tasks.add(() -> LOG.debug("The publisher ends."));
    try {
      if (!thread.join(budget.plusMillis(500))) {
        LOG.atWarn()
            .addKeyValue(LogKeys.MILLIS, budget.toMillis())
            .log("The publisher did not end in time.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void publish(
      OutgoingRecord record, Executor executor, Consumer<PublishOutcome> onOutcome) {
    outcomes.asked(record.size());
    Integer partition = record.partition();
    LogFailure refusal = null;
    if (closing) {
      refusal = new LogFailure.Unavailable("This gateway is stopping.");
    } else if (!availability.isAvailable()) {
      refusal = new LogFailure.Unavailable("Kafka is unavailable.");
    } else if (!TopicNames.isShown(record.topic())) {
      refusal = new LogFailure.UnknownTopic(record.topic());
    } else if (partition != null && partition < 0) {
      refusal = noPartition(record.topic(), partition);
    } else if (record.size() > maxRequestBytes) {
      refusal = tooLarge(record, maxRequestBytes);
    } else if (!budget.take(record.weight())) {
      refusal =
          new LogFailure.Unavailable(
              "Too many records are on their way to Kafka; this one was not sent.");
    }
    if (refusal == null) {
      tasks.add(new Pending(this, record, executor, onOutcome, nanoTime.getAsLong()));
    } else {
      outcomes.deliver(executor, onOutcome, new PublishOutcome.Failed(refusal));
    }
  }

  private void run() {
    List<Runnable> batch = new ArrayList<>(BATCH);
    try {
      while (!closing || !tasks.isEmpty()) {
        Runnable first = tasks.poll(WrittenTopics.CHECK_NANOS, TimeUnit.NANOSECONDS);
        if (first != null) {
          batch.add(first);
          tasks.drainTo(batch, BATCH - 1);
          batch.forEach(KafkaPublisher::guarded);
          batch.clear();
        }
        guarded(written::check);
      }
    } catch (InterruptedException e) {
      LOG.warn("The publisher was interrupted and ends.");
      closing = true;
    }
    LogFailure stopping = new LogFailure.Unavailable("This gateway is stopping.");
    parked.values().forEach(records -> records.forEach(pending -> fail(pending, stopping)));
    parked.clear();
    slot.close(closeBudget);
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("A task of the publisher failed.", e);
    }
  }

  /** {@code topic} is no more. Any thread. */
  void onTopicDeleted(String topic) {
    tasks.add(() -> forget(topic));
  }

  /**
   * A producer that knows a deleted topic would ask for it, and brokers that create topics by
   * asking would.
   */
  private void forget(String deleted) {
    if (written.forgetAllIfAmong(deleted)) {
      LOG.atInfo()
          .addKeyValue(LogKeys.TOPIC, deleted)
          .log("A topic was deleted; the producer that wrote to it is replaced.");
      slot.retire(RETIRE);
    }
  }

  /** Its turn has come. */
  void dispatch(Pending pending) {
    ArrayDeque<Pending> before = parked.get(pending.record.topic());
    if (before != null) {
      before.addLast(pending);
      return;
    }
    Topic topic = catalog.lastKnown(pending.record.topic());
    if (topic == null) {
      park(pending);
    } else {
      send(pending, topic);
    }
  }

  private void park(Pending pending) {
    String name = pending.record.topic();
    ArrayDeque<Pending> records = new ArrayDeque<>();
    records.add(pending);
    parked.put(name, records);
    catalog
        .current(name)
        .whenComplete((topic, failure) -> tasks.add(() -> unpark(name, topic, failure)));
  }

  private void unpark(String name, @Nullable Topic topic, @Nullable Throwable failure) {
    ArrayDeque<Pending> records = parked.remove(name);
    if (records == null) {
      return;
    }
    if (failure != null && KafkaFailures.isUnknownTopic(failure, name)) {
      forget(name);
    }
    for (Pending pending : records) {
      if (topic != null) {
        ArrayDeque<Pending> again = parked.get(name);
        if (again == null) {
          send(pending, topic);
        } else {
          again.addLast(pending);
        }
      } else if (failure != null) {
        fail(pending, KafkaFailures.ofReading(failure, name));
      }
    }
  }

  private void send(Pending pending, Topic topic) {
    Integer partition = pending.record.partition();
    if (partition != null && partition >= topic.partitionCount()) {
      fail(pending, noPartition(topic.name(), partition));
      return;
    }
    Producer<byte[], byte[]> producer = availability.isAvailable() ? slot.current() : null;
    if (producer == null) {
      fail(pending, new LogFailure.Unavailable("Kafka is unavailable."));
      return;
    }
    written.wrote(topic.name());
    Throwable refused;
    pending.generation = slot.generation();
    pending.isBeingSent = true;
    try {
      producer.send(toKafka(pending.record), pending);
      refused = pending.refused;
    } catch (RuntimeException e) {
      refused = e;
    }
    pending.isBeingSent = false;
    if (refused != null) {
      notSent(pending, refused);
    }
  }

  /**
   * The producer's callback: on its own thread, or on ours, inside of {@code send}, when it refuses
   * the record. Only then is it sure that nothing was sent, and the record is dealt with after
   * {@code send} has returned.
   */
  void completed(Pending pending, @Nullable RecordMetadata stored, @Nullable Exception failure) {
    if (failure != null && Thread.currentThread() == thread && pending.isBeingSent) {
      pending.refused = failure;
    } else if (failure != null) {
      if (KafkaFailures.isFatalForProducer(failure)) {
        tasks.add(() -> slot.replace(pending.generation, failure));
      }
      failSent(pending, failure);
    } else if (stored != null) {
      Partition partition = new Partition(stored.topic(), stored.partition());
      finish(pending, new PublishOutcome.Stored(partition, stored.offset(), stored.timestamp()));
    }
  }

  private void notSent(Pending pending, Throwable refused) {
    pending.refused = null;
    String topic = pending.record.topic();
    if (refused instanceof TimeoutException
        && nanoTime.getAsLong() - pending.since < GIVE_UP_NANOS
        && !closing) {
      // The producer does not know the topic yet, or no longer: ask whether it is there, and try
      // again.
      catalog.forget(topic);
      park(pending);
      return;
    }
    if (KafkaFailures.isFatalForProducer(refused)) {
      slot.replace(pending.generation, refused);
    }
    fail(pending, failure(pending, refused, false));
  }

  private void failSent(Pending pending, Exception failure) {
    String topic = pending.record.topic();
    if (failure instanceof RecordTooLargeException) {
      brokers
          .maxMessageBytes(topic)
          .whenComplete((limit, unknown) ->
              fail(pending, tooLarge(pending.record, limit == null ? USUAL_MESSAGE_BYTES : limit)));
    } else {
      fail(pending, failure(pending, failure, true));
    }
  }

  private LogFailure failure(Pending pending, Throwable thrown, boolean sent) {
    OutgoingRecord record = pending.record;
    long limit = tooLarge(record, maxRequestBytes).limit();
    return KafkaFailures.ofPublishing(thrown, record.topic(), sent, record.size(), limit);
  }

  /**
   * Names what a record like this one may have: {@code kafkaLimit} less what Kafka itself adds to
   * it.
   */
  private static LogFailure.TooLarge tooLarge(OutgoingRecord record, long kafkaLimit) {
    return new LogFailure.TooLarge(
        record.size(), Math.max(0, kafkaLimit - Records.framing(record)));
  }

  private void fail(Pending pending, LogFailure failure) {
    finish(pending, new PublishOutcome.Failed(failure));
  }

  private void finish(Pending pending, PublishOutcome outcome) {
    budget.give(pending.record.weight());
    outcomes.took(nanoTime.getAsLong() - pending.since);
    outcomes.deliver(pending.executor, pending.onOutcome, outcome);
  }

  private static LogFailure noPartition(String topic, int partition) {
    return new LogFailure.Invalid("The topic " + topic + " has no partition " + partition + ".");
  }

  private static ProducerRecord<byte[], byte[]> toKafka(OutgoingRecord record) {
    return new ProducerRecord<>(
        record.topic(),
        record.partition(),
        record.timestamp(),
        record.key(),
        record.value(),
        Records.toKafka(record.headers()));
  }
}
