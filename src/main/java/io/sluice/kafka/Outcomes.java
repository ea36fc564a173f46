package io.sluice.kafka;

import io.sluice.log.PublishOutcome;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way back from Kafka to the publishers: outcomes that arrive together go to an executor in one
 * task. The crossing from the producer's thread to the event loops; any thread.
 */
final class Outcomes {
  private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);

  private final Map<Executor, Outbox> outboxes = new ConcurrentHashMap<>();
  private final KafkaCounters counters;

  Outcomes(KafkaCounters counters) {
    this.counters = counters;
  }

  /** Counts a record of {@code bytes} that somebody wants to publish: it will have one outcome. */
  void asked(long bytes) {
    counters.publishes.increment();
    counters.publishBytes.add(bytes);
  }

  /** Counts that one which was not refused at once took {@code nanos} to its outcome. */
  void took(long nanos) {
    counters.publishTime.add(nanos);
  }

  /** Hands {@code outcome} to {@code taker} on {@code executor}, soon. */
  void deliver(Executor executor, Consumer<PublishOutcome> taker, PublishOutcome outcome) {
    counters.count(outcome);
    outboxes.computeIfAbsent(executor, Outbox::new).add(new Delivery(taker, outcome));
  }

  private record Delivery(Consumer<PublishOutcome> taker, PublishOutcome outcome) {
    void run() {
      try {
        taker.accept(outcome);
      } catch (RuntimeException e) {
        LOG.error("The taker of a publish outcome failed.", e);
      }
    }
  }

  /**
   * What waits for one executor. An empty one is forgotten, so that executors which come and go
   * leave nothing.
   */
  private final class Outbox {
    private final Executor executor;
    private final ConcurrentLinkedQueue<Delivery> deliveries = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    Outbox(Executor executor) {
      this.executor = executor;
    }

    void add(Delivery delivery) {
      deliveries.add(delivery);
      schedule();
    }

    private void schedule() {
      if (deliveries.isEmpty() || !scheduled.compareAndSet(false, true)) {
        return;
      }
      try {
        executor.execute(this::drain);
      } catch (RejectedExecutionException ended) {
        for (Delivery lost = deliveries.poll(); lost != null; lost = deliveries.poll()) {
          counters.outcomesDropped.increment();
        }
        outboxes.remove(executor, this);
        scheduled.set(false);
      }
    }

    private void drain() {
      for (Delivery delivery = deliveries.poll(); delivery != null; delivery = deliveries.poll()) {
        delivery.run();
      }
      outboxes.remove(executor, this);
      scheduled.set(false);
      // What came after the last poll found the flag set and was not scheduled.
      schedule();
    }
  }
}
