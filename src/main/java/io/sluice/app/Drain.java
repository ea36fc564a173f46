package io.sluice.app;

import io.sluice.logging.LogKeys;
import io.sluice.protocol.CloseCode;
import io.sluice.transport.Connections;
import io.sluice.transport.WebSocketTransport;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes this instance out of service without losing a record: balancers see it unready, then
 * clients are told where they stand and when to be back, publishes in flight are answered, and
 * every connection is closed with 1012. Runs before the server stops, on the thread that stops it,
 * and takes at most the delay, the window and twice the timeout of {@link ShutdownConfiguration};
 * the Kafka clients are given the timeout once more, by {@link Gateway}.
 */
@Singleton
final class Drain {
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
  private static final long LOOK_EVERY_MILLIS = 20;

  private final WebSocketTransport transport;
  private final Connections connections;
  private final ShutdownConfiguration configuration;
  private volatile boolean begun;

  Drain(
      WebSocketTransport transport, Connections connections, ShutdownConfiguration configuration) {
    this.transport = transport;
    this.connections = connections;
    this.configuration = configuration;
  }

  /** Whether this instance is going away: no balancer should send clients here. Any thread. */
  boolean isBegun() {
    return begun;
  }

  /** Drains; returns when all connections are closed or time is up. */
  void run() throws InterruptedException {
    begun = true;
    announce();
    transport.refuseNew();
    if (isEmpty()) {
      return;
    }
    LOG.atInfo()
        .addKeyValue(LogKeys.MILLIS, configuration.drainWindow().toMillis())
        .log("Draining.");
    connections.drain(configuration.drainWindow());
    await(this::isEmpty, configuration.drainWindow());
    await(this::isAnswered, configuration.timeout());
    connections.closeAll(CloseCode.SERVICE_RESTART, "This instance restarts.");
    if (!await(this::isEmpty, configuration.timeout())) {
      LOG.atWarn()
          .addKeyValue(LogKeys.MILLIS, configuration.timeout().toMillis())
          .log("Some connections did not close in time.");
    }
  }

  /**
   * Until balancers have noticed they send clients here in good faith, who are served: refused,
   * they could only try again.
   */
  private void announce() throws InterruptedException {
    Duration delay = configuration.delay();
    if (delay.isPositive()) {
      LOG.atInfo()
          .addKeyValue(LogKeys.MILLIS, delay.toMillis())
          .log("Going away: not ready from now on, draining after a delay.");
      TimeUnit.MILLISECONDS.sleep(delay.toMillis());
    }
  }

  private boolean isEmpty() {
    return ask(connections.count(), 1) == 0;
  }

  private boolean isAnswered() {
    return !ask(connections.isBusy(), true);
  }

  /** Looks now and then, because what is awaited happens on many event loops. */
  private static boolean await(Supplier<Boolean> condition, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.get()) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
    }
    return true;
  }

  private static <T> T ask(CompletableFuture<T> question, T unknown) {
    try {
      return question.get(1, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.atWarn().setCause(e).log("An event loop did not answer.");
      return unknown;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unknown;
    }
  }
}
