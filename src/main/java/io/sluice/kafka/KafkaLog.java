package io.sluice.kafka;

import io.sluice.log.Availability;
import io.sluice.log.Catalog;
import io.sluice.log.Isolation;
import io.sluice.log.LiveLog;
import io.sluice.log.Publisher;
import io.sluice.log.ReadableLog;
import io.sluice.log.Topic;
import io.sluice.logging.LogKeys;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
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
  private final Readers committed;
  private final Map<Isolation, Readers> readers = new EnumMap<>(Isolation.class);
  private final KafkaPublisher publisher;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Makes the clients that {@code settings} describe.
   *
   * @throws org.apache.kafka.common.KafkaException when Kafka refuses a setting; its message names
   *     it
   */
  public KafkaLog(KafkaSettings settings) {
    this(settings, Set.of(), fatal -> {});
  }

  /**
   * The same for a process that ends when it cannot go on.
   *
   * @param isolations which readers there are beside those of committed records
   * @param onFatal hears, on the thread that it came up on, what a reader, the publisher, the
   *     catalog or the probe cannot go on after: an {@link Error} as a rule. It was logged; nothing
   *     is sure to go on until the process is started anew
   * @throws org.apache.kafka.common.KafkaException when Kafka refuses a setting; its message names
   *     it
   */
  public KafkaLog(KafkaSettings settings, Set<Isolation> isolations, Consumer<Throwable> onFatal) {
    KafkaClients clients = new KafkaClients(settings.properties());
    clients
        .unknown()
        .forEach(name ->
            LOG.atWarn()
                .addKeyValue(LogKeys.SETTING, "kafka." + name)
                .log("kafka.{} is a setting that no Kafka client knows.", name));
    admin = clients.admin();
    BrokerQuestions questions = new AdminQuestions(admin, counters);
    probe = new AvailabilityProbe(clients.probeAdmin(), counters, onFatal);
    catalog = new KafkaCatalog(questions, System::nanoTime, onFatal);
    Readers.Factory factory =
        new Readers.Factory(clients, catalog, probe, settings.replayConsumers(), counters, onFatal);
    committed = factory.readers(Isolation.READ_COMMITTED);
    readers.put(Isolation.READ_COMMITTED, committed);
    isolations.forEach(each -> readers.computeIfAbsent(each, factory::readers));
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
    catalog.addListener(new LetGo(List.copyOf(readers.values()), publisher));
  }

  /** Starts all threads; {@code listeners} tell who hears each live log. Call once. */
  public void start(Function<Isolation, LiveLog.Listener> listeners) {
    probe.start();
    catalog.start();
    readers.forEach((isolation, each) -> each.start(listeners.apply(isolation)));
    publisher.start();
  }

  /** The log as readers of committed records see it. */
  public ReadableLog committed() {
    return committed.log();
  }

  /** The log as the readers of each isolation see it; that of committed records is always there. */
  public Map<Isolation, ReadableLog> readable() {
    Map<Isolation, ReadableLog> readable = new EnumMap<>(Isolation.class);
    readers.forEach((isolation, each) -> readable.put(isolation, each.log()));
    return readable;
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
    readers.values().forEach(each -> each.close(() -> left(deadline)));
    catalog.close();
    probe.close();
    admin.close(left(deadline));
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
  }

  /**
   * Kafka's consumer waits forever for a topic that is gone, and keeps what it has fetched of it;
   * its producer asks for it. The catalog knows better. Hears before anybody else, so that what
   * they ask for then is of the new topic.
   */
  private record LetGo(List<Readers> readers, KafkaPublisher publisher)
      implements Catalog.Listener {
    @Override
    public void onPartitionsAdded(Topic before, Topic topic) {}

    @Override
    public void onDeleted(Topic topic) {
      readers.forEach(each -> each.onTopicDeleted(topic.name()));
      publisher.onTopicDeleted(topic.name());
    }

    @Override
    public void onRecreated(Topic before, Topic now) {
      readers.forEach(Readers::onTopicRecreated);
    }
  }
}
