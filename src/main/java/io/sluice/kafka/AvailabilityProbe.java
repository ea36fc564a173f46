package io.sluice.kafka;

import io.sluice.log.Availability;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the brokers each second whether they are there. Two failures in a row mean unavailable, one
 * success available again; until it has asked it takes them to be available.
 *
 * <p>Brokers that vanish right after a success are known to be gone after at most 1 s (until the
 * next probe) + 0.7 s (its timeout) + 0.3 s + 0.7 s (the second probe) = 2.7 s.
 */
final class AvailabilityProbe implements Availability {
  private static final Logger LOG = LoggerFactory.getLogger(AvailabilityProbe.class);
  private static final int TIMEOUT_MS = 700;
  private static final long PERIOD_MS = 1_000;
  private static final long AFTER_FAILURE_MS = 300;
  private static final int FAILURES_TO_BE_SURE = 2;

  private final Callable<Boolean> question;
  private final Runnable onClose;
  private final KafkaCounters counters;
  private final List<Consumer<Boolean>> listeners = new CopyOnWriteArrayList<>();
  private final TaskThread thread;
  private volatile boolean available = true;
  private final CompletableFuture<Boolean> first = new CompletableFuture<>();
  private volatile Instant since = Instant.now();
  // Owned by the probe's thread.
  private int failures;

  /** Asks through {@code admin}, which it closes. */
  AvailabilityProbe(Admin admin, KafkaCounters counters, Consumer<Throwable> onFatal) {
    this(() -> describeCluster(admin), () -> admin.close(Duration.ZERO), counters, onFatal);
  }

  /**
   * Asks {@code question}: true, or an exception. An {@link Error} is told to {@code onFatal}, on
   * the probe's thread.
   */
  AvailabilityProbe(
      Callable<Boolean> question,
      Runnable onClose,
      KafkaCounters counters,
      Consumer<Throwable> onFatal) {
    this.question = question;
    this.onClose = onClose;
    this.counters = counters;
    this.thread = new TaskThread("sluice-probe", onFatal);
  }

  void start() {
    thread.execute(this::probeAndScheduleNext);
  }

  @Override
  public boolean isAvailable() {
    return available;
  }

  @Override
  public CompletionStage<Boolean> first() {
    return first;
  }

  @Override
  public Instant since() {
    return since;
  }

  @Override
  public void addListener(Consumer<Boolean> listener) {
    listeners.add(listener);
  }

  void close() {
    thread.close();
    onClose.run();
  }

  /** Asks once and draws the conclusion. On the probe's thread. */
  void probe() {
    try {
      question.call();
      failures = 0;
      become(true);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      counters.probeFailures.increment();
      failures++;
      LOG.debug("The brokers did not answer a probe.", e);
      if (failures >= FAILURES_TO_BE_SURE) {
        become(false);
      }
    }
  }

  private void probeAndScheduleNext() {
    try {
      probe();
    } finally {
      thread.schedule(this::probeAndScheduleNext, failures == 1 ? AFTER_FAILURE_MS : PERIOD_MS);
    }
  }

  private void become(boolean now) {
    first.complete(now);
    if (available == now) {
      return;
    }
    since = Instant.now();
    available = now;
    LOG.warn(now ? "Kafka is available again." : "Kafka is unavailable.");
    for (Consumer<Boolean> listener : listeners) {
      try {
        listener.accept(now);
      } catch (RuntimeException e) {
        LOG.error("A listener for the availability of Kafka failed.", e);
      }
    }
  }

  private static Boolean describeCluster(Admin admin) throws Exception {
    return !admin
        .describeCluster(new DescribeClusterOptions().timeoutMs(TIMEOUT_MS))
        .nodes()
        .get(TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .isEmpty();
  }
}
