package io.sluice.kafka;

import io.sluice.log.Availability;
import io.sluice.log.Catalog;
import io.sluice.log.LiveLog;
import io.sluice.log.Publisher;
import io.sluice.log.ReplayLog;
import io.sluice.log.Topic;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log on Kafka: opens every client and thread of this room, and closes them in order. Nothing
 * here connects before {@link #start}, and brokers that are not there are no error: they are
 * unavailable until they come.
 */
public final class KafkaLog {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaLog.class);

  private final KafkaCounters counters = new KafkaCounters();
  private final Admin admin;
  private final AvailabilityProbe probe;
  private final KafkaCatalog catalog;
  private final LiveReader live;
  private final ReplayPool replay;
  private final KafkaPublisher publisher;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Makes the clients that {@code settings} describe.
   *
   * @throws org.apache.kafka.common.KafkaException when Kafka refuses a setting; its message names
   *     it
   */
  public KafkaLog(KafkaSettings settings) {
    this(settings, fatal -> {});
  }

  /**
   * The same for a process that ends when it cannot go on.
   *
   * @param onFatal hears, on the thread that ends because of it, what ended a reader or the
   *     publisher: an {@link Error} as a rule. It was logged; nothing goes on until the process is
   *     started anew
   * @throws org.apache.kafka.common.KafkaException when Kafka refuses a setting; its message names
   *     it
   */
  public KafkaLog(KafkaSettings settings, Consumer<Throwable> onFatal) {
    KafkaClients clients = new KafkaClients(settings.properties());
    clients
        .unknown()
        .forEach(name -> LOG.warn("kafka.{} is a setting that no Kafka client knows.", name));
    admin = clients.admin();
    BrokerQuestions questions = new AdminQuestions(admin, counters);
    probe = new AvailabilityProbe(clients.probeAdmin(), counters);
    catalog = new KafkaCatalog(questions, System::nanoTime);
    live =
        new LiveReader(
            clients::liveConsumer, new DoubtfulOffsets(catalog)::judge, counters, onFatal);
    replay =
        new ReplayPool(
            settings.replayConsumers(), clients::replayConsumer, catalog, probe, counters, onFatal);
    publisher =
        new KafkaPublisher(
            catalog,
            questions,
            probe,
            new PublishBudget(settings.publishQueueRecords(), settings.publishQueueBytes()),
            new Outcomes(counters),
            new ProducerSlot(clients::producer, System::nanoTime, counters),
            clients.maxRequestBytes(),
            System::nanoTime,
            onFatal);
    catalog.addListener(new LetGoWhenDeleted(live, publisher));
  }

  /** Starts all threads; {@code listener} hears the live log. Call once. */
  public void start(LiveLog.Listener listener) {
    probe.start();
    catalog.start();
    live.start(listener);
    replay.start();
    publisher.start();
  }

  /** The head of the log. */
  public LiveLog live() {
    return live;
  }

  /** What is older than the head. */
  public ReplayLog replay() {
    return replay;
  }

  /** Writing. */
  public Publisher publisher() {
    return publisher;
  }

  /** Topics and their offsets. */
  public Catalog catalog() {
    return catalog;
  }

  /** Whether the brokers answer. */
  public Availability availability() {
    return probe;
  }

  /** What all of it has counted. */
  public KafkaCounters counters() {
    return counters;
  }

  /**
   * Closes within about {@code budget}: the publisher first, which sends what it holds for at most
   * half of it, then the readers, and at last what they ask. Closing again does nothing.
   */
  public void close(Duration budget) {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    long deadline = System.nanoTime() + budget.toNanos();
    publisher.close(budget.dividedBy(2));
    live.close(left(deadline));
    replay.close(left(deadline));
    catalog.close();
    probe.close();
    admin.close(left(deadline));
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
  }

  /**
   * Kafka's consumer waits forever for a topic that is gone, and its producer asks for it; the
   * catalog knows better.
   */
  private record LetGoWhenDeleted(LiveReader live, KafkaPublisher publisher)
      implements Catalog.Listener {
    @Override
    public void onPartitionsAdded(Topic before, Topic topic) {}

    @Override
    public void onDeleted(Topic topic) {
      live.onTopicDeleted(topic.name());
      publisher.onTopicDeleted(topic.name());
    }

    @Override
    public void onRecreated(Topic before, Topic now) {}
  }
}
