package io.sluice.embedded;

import io.sluice.logging.LogKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live demo: real measurements of this machine, this process and this gateway, each second, as
 * records keyed by metric in {@code demo.host}, {@code demo.jvm} and {@code demo.gateway}.
 *
 * <p>One daemon thread measures and sends. While Kafka does not answer, measurements are dropped,
 * for an old one is worth nothing; when it answers again the feed goes on by itself.
 */
public final class DemoFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DemoFeed.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Admin admin;
  private final Producer<byte[], byte[]> producer;
  private final Supplier<Map<String, Number>> gateway;
  private final HostMeasurements host = new HostMeasurements();
  private final JvmMeasurements jvm = new JvmMeasurements();
  private final GatewayMeasurements ownNumbers = new GatewayMeasurements();

  /** Kinds of problems since all was well; written by this feed's thread and the producer's. */
  private final Set<String> problems = ConcurrentHashMap.newKeySet();

  /** False at the start and after each problem: the topics may be missing. */
  private volatile boolean topicsAreThere;

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("sluice-demo-feed").factory());

  private DemoFeed(
      Admin admin, Producer<byte[], byte[]> producer, Supplier<Map<String, Number>> gateway) {
    this.admin = admin;
    this.producer = producer;
    this.gateway = gateway;
  }

  /**
   * Starts the feed; it makes its topics first, as soon as Kafka answers.
   *
   * @param bootstrapServers brokers, as in Kafka's {@code bootstrap.servers}
   * @param gateway the gateway's own numbers by name, asked each second on the feed's thread; a
   *     name that ends in {@code .total} is a counter and is published as a rate per second without
   *     that end, any other is published as it is
   */
  public static DemoFeed start(String bootstrapServers, Supplier<Map<String, Number>> gateway) {
    Admin admin = Admin.create(adminSettings(bootstrapServers));
    Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            producerSettings(bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    DemoFeed feed = new DemoFeed(admin, producer, gateway);
    // A fixed delay: after an outage there is nothing to catch up with.
    Future<?> unused =
        feed.thread.scheduleWithFixedDelay(feed::tick, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    return feed;
  }

  /** Stops measuring; what was sent is given a moment to be stored. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.atWarn()
            .addKeyValue(LogKeys.MILLIS, PATIENCE.toMillis())
            .log("The demo feed's thread did not stop in time.");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    producer.close(PATIENCE);
    admin.close(PATIENCE);
  }

  private void tick() {
    try {
      ensureTopics();
      send(DemoTopics.HOST, host.take(System.nanoTime()));
      send(DemoTopics.JVM, jvm.take(System.nanoTime()));
      send(DemoTopics.GATEWAY, ownNumbers.take(gateway.get(), System.nanoTime()));
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException refused) {
      onProblem(refused.getCause() == null ? refused : refused.getCause());
    } catch (TimeoutException | RuntimeException failure) {
      // A periodic task that throws is never run again; this feed outlives every failure.
      onProblem(failure);
    }
  }

  private void ensureTopics() throws ExecutionException, TimeoutException, InterruptedException {
    if (topicsAreThere) {
      return;
    }
    DemoTopics.ensure(admin, PATIENCE);
    topicsAreThere = true;
  }

  private void send(String topic, List<Measurement> measurements) {
    for (Measurement measurement : measurements) {
      byte[] key = measurement.metric().getBytes(StandardCharsets.UTF_8);
      byte[] value = measurement.toJson().getBytes(StandardCharsets.UTF_8);
      Future<?> unused =
          producer.send(
              new ProducerRecord<>(topic, key, value), (stored, failure) -> onSent(failure));
    }
  }

  /** On the producer's thread. */
  private void onSent(@Nullable Exception failure) {
    if (failure != null) {
      onProblem(failure);
    } else if (!problems.isEmpty()) {
      problems.clear();
      LOG.info("The demo feed goes on.");
    }
  }

  private void onProblem(Throwable problem) {
    topicsAreThere = false;
    if (!thread.isShutdown() && problems.add(problem.getClass().getSimpleName())) {
      LOG.atWarn().setCause(problem).log("The demo feed pauses.");
    }
  }

  private static Map<String, Object> adminSettings(String bootstrapServers) {
    int patience = (int) PATIENCE.toMillis();
    return Map.of(
        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
        CommonClientConfigs.CLIENT_ID_CONFIG, "sluice-demo-feed",
        CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, patience,
        CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, patience);
  }

  private static Map<String, Object> producerSettings(String bootstrapServers) {
    int patience = (int) PATIENCE.toMillis();
    return Map.of(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
        bootstrapServers,
        ProducerConfig.CLIENT_ID_CONFIG,
        "sluice-demo-feed",
        ProducerConfig.MAX_BLOCK_MS_CONFIG,
        patience,
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        patience,
        // Kafka wants at least linger + request timeout.
        ProducerConfig.LINGER_MS_CONFIG,
        5,
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        patience + 1_000,
        ProducerConfig.BUFFER_MEMORY_CONFIG,
        1024 * 1024L);
  }
}
