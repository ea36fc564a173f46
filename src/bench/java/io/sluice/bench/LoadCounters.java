package io.sluice.bench;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** What the sockets have come to. Any thread. */
final class LoadCounters {
  private final AtomicInteger ready = new AtomicInteger();
  private final AtomicInteger finished = new AtomicInteger();
  private final AtomicInteger faults = new AtomicInteger();
  private final AtomicLong deliveries = new AtomicLong();
  private final AtomicLong lastReadyAt = new AtomicLong();
  private final AtomicLong lastFinishedAt = new AtomicLong();
  private final AtomicReference<String> firstFault = new AtomicReference<>("");

  /** A socket is connected, and subscribed where it subscribes at once. */
  void onReady() {
    lastReadyAt.set(System.nanoTime());
    ready.incrementAndGet();
  }

  /** A socket has got its last record. */
  void onFinished() {
    lastFinishedAt.set(System.nanoTime());
    finished.incrementAndGet();
  }

  /** Something came, or did not come, that makes the run worth nothing. */
  void onFault(String what) {
    firstFault.compareAndSet("", what);
    faults.incrementAndGet();
  }

  /** Records came, or publishes were answered, so many. */
  void addDeliveries(long count) {
    deliveries.addAndGet(count);
  }

  int ready() {
    return ready.get();
  }

  int finished() {
    return finished.get();
  }

  int faults() {
    return faults.get();
  }

  long deliveries() {
    return deliveries.get();
  }

  long lastReadyAt() {
    return lastReadyAt.get();
  }

  long lastFinishedAt() {
    return lastFinishedAt.get();
  }

  /** What went wrong first; empty where nothing did. */
  String firstFault() {
    return firstFault.get();
  }
}
