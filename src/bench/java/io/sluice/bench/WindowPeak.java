package io.sluice.bench;

import io.sluice.testing.Eventually;
import java.time.Duration;

/**
 * The most bytes that the gateway held in windows, replayed slices and for waiting sockets, which
 * {@code sluice.relay.window-bytes} bounds, while this is open: asked once a second. A thread of
 * its own asks; any thread.
 */
final class WindowPeak implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Running running;
  private final boolean isWanted;
  private final Thread asking;
  private volatile double most;
  private volatile boolean ended;

  /**
   * @param isWanted whether anybody is asked at all: only a gateway answers
   */
  WindowPeak(boolean isWanted, Running running) {
    this.running = running;
    this.isWanted = isWanted;
    this.ended = !isWanted;
    this.asking = Thread.ofPlatform().daemon().name("window-peak").start(this::ask);
  }

  private void ask() {
    while (!ended) {
      most = Math.max(most, running.metric("sluice_window_bytes"));
      Eventually.pass(EVERY);
    }
  }

  /** Whether it was asked at all. */
  boolean isWanted() {
    return isWanted;
  }

  /** In bytes; 0 where the gateway has not answered yet. */
  double bytes() {
    return most;
  }

  @Override
  public void close() {
    ended = true;
    try {
      asking.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
