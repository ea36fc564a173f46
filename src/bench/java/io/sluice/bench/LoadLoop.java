package io.sluice.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * One thread of the load generator, which owns its share of the sockets: one buffer, one read per
 * socket and round, no object per record. Other threads call what says so.
 */
final class LoadLoop implements Runnable, RecordCheck.Latencies {
  private static final int READ_BUFFER = 256 * 1024;

  /** More than that at once would measure the listen backlog. */
  private static final int CONNECTING_AT_ONCE = 128;

  private static final long LONGEST_LATENCY_NANOS = 600_000_000_000L;

  private final LoadPlan plan;
  private final LoadCounters counters;
  private final int firstNumber;
  private final int step;
  private final Selector selector;
  private final List<LoadSocket> sockets = new ArrayList<>();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BUFFER);
  private final byte[] scratch = new byte[READ_BUFFER];
  private Histogram latencies = fresh();
  private long now;
  private long deliveries;
  private int wanted;
  private int connecting;
  private boolean ended;

  /**
   * @param firstNumber the number of its first socket
   * @param step how many loops there are: its sockets' numbers are so far apart
   */
  LoadLoop(LoadPlan plan, LoadCounters counters, int firstNumber, int step) {
    this.plan = plan;
    this.counters = counters;
    this.firstNumber = firstNumber;
    this.step = step;
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connects until all loops together have {@code total} sockets. Any thread. */
  void connect(int total) {
    execute(() -> {
      wanted = total;
      connectMore();
    });
  }

  /** The run begins: latencies are counted from here. Any thread. */
  void go() {
    execute(() -> {
      latencies = fresh();
      for (LoadSocket socket : sockets) {
        guarded(socket, socket::go);
      }
    });
  }

  /** Publishers end. Any thread. */
  void stop() {
    execute(() -> sockets.forEach(LoadSocket::stop));
  }

  /** Hands over a copy of what was measured so far. Any thread. */
  void report(Consumer<Histogram> taker) {
    execute(() -> taker.accept(latencies.copy()));
  }

  /** Drops all sockets and ends the loop. Any thread. */
  void end() {
    execute(() -> {
      sockets.forEach(LoadSocket::drop);
      ended = true;
    });
  }

  private void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  LoadPlan plan() {
    return plan;
  }

  @Override
  public void run() {
    try {
      while (!ended) {
        selector.select(this::onSelected);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
        flushDeliveries();
      }
      selector.close();
    } catch (IOException | RuntimeException e) {
      counters.onFault("a thread of the load generator ended: " + e);
    }
  }

  private void onSelected(SelectionKey key) {
    LoadSocket socket = (LoadSocket) key.attachment();
    if (!guarded(socket, () -> socket.onReady(buffer, scratch))) {
      key.cancel();
    }
  }

  /** Something that a socket does. */
  private interface Step {
    void run() throws IOException;
  }

  private static boolean guarded(LoadSocket socket, Step step) {
    try {
      step.run();
      return true;
    } catch (IOException | RuntimeException e) {
      socket.fault(e.toString());
      return false;
    }
  }

  private void connectMore() {
    while (connecting < CONNECTING_AT_ONCE && nextNumber() < wanted) {
      try {
        connecting++;
        int number = nextNumber();
        sockets.add(new LoadSocket(this, number, isStalling(number), selector));
      } catch (IOException e) {
        counters.onFault("no socket " + nextNumber() + ": " + e);
        wanted = 0;
      }
    }
  }

  private int nextNumber() {
    return firstNumber + sockets.size() * step;
  }

  /** Never one of the sample, which begins at 0. */
  private boolean isStalling(int number) {
    return plan.stallOneIn() > 0 && number % plan.stallOneIn() == 1;
  }

  /** A socket has been read: what it held came by now. */
  void onRead() {
    now = System.nanoTime();
  }

  void onReady() {
    connecting--;
    counters.onReady();
    connectMore();
  }

  @Override
  public void onRecord(long at) {
    latencies.recordValue(Math.clamp(now - at, 0, LONGEST_LATENCY_NANOS));
  }

  void onRecords(long count) {
    deliveries += count;
  }

  void onFinished() {
    flushDeliveries();
    counters.onFinished();
  }

  void onFault(String what) {
    counters.onFault(what);
  }

  private void flushDeliveries() {
    if (deliveries > 0) {
      counters.addDeliveries(deliveries);
      deliveries = 0;
    }
  }

  private static Histogram fresh() {
    return new Histogram(LONGEST_LATENCY_NANOS, 3);
  }
}
