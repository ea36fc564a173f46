package io.sluice.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The thread of the load generator that owns its sockets: one buffer, one read per socket and
 * round, no object per record. Other threads call what says so.
 */
final class LoadLoop implements Runnable, RecordCheck.Latencies {
  private static final int READ_BUFFER = 256 * 1024;

  /** More than that at once would measure the listen backlog. */
  private static final int CONNECTING_AT_ONCE = 128;

  private static final long LONGEST_LATENCY_NANOS = 600_000_000_000L;

  private final LoadPlan plan;
  private final LoadCounters counters;
  private final Selector selector;
  private final List<LoadSocket> sockets = new ArrayList<>();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BUFFER);
  private final byte[] scratch = new byte[READ_BUFFER];
  private Histogram latencies = fresh();
  private long now;
  private long deliveries;
  private long messages;
  private long gapRecords;

  /** When the first socket had got everything; null until then. */
  private @Nullable LongSummaryStatistics firstFinish;

  private int wanted;
  private int connecting;
  private boolean ended;

  /**
   * What was measured so far.
   *
   * @param latencies of the sampled sockets
   * @param messages how many {@code records} messages came
   * @param gapRecords how many records were told not to come, by all sockets together
   * @param slowestShare what the socket with the fewest records had got, divided by the mean of
   *     those that read, at the moment when the first had got everything, else now
   */
  record Report(Histogram latencies, long messages, long gapRecords, double slowestShare) {}

  LoadLoop(LoadPlan plan, LoadCounters counters) {
    this.plan = plan;
    this.counters = counters;
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connects until there are {@code total} sockets. Any thread. */
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
  void report(Consumer<Report> taker) {
    execute(() -> taker.accept(new Report(latencies.copy(), messages, gapRecords, slowestShare())));
  }

  private double slowestShare() {
    LongSummaryStatistics got = firstFinish == null ? got() : firstFinish;
    return got.getSum() == 0 ? 0 : got.getMin() / got.getAverage();
  }

  private LongSummaryStatistics got() {
    return sockets.stream()
        .filter(LoadSocket::isReading)
        .mapToLong(LoadSocket::got)
        .summaryStatistics();
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
    } catch (IOException | RuntimeException | AssertionError e) {
      socket.fault(e.toString());
      return false;
    }
  }

  private void connectMore() {
    while (connecting < CONNECTING_AT_ONCE && sockets.size() < wanted) {
      try {
        connecting++;
        sockets.add(new LoadSocket(this, sockets.size(), selector));
      } catch (IOException e) {
        counters.onFault("no socket " + sockets.size() + ": " + e);
        wanted = 0;
      }
    }
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

  /** A {@code records} message has come, or an answer to a publish, with so many records. */
  void onRecords(long count) {
    deliveries += count;
    messages++;
  }

  /** So many records will not come, and the gateway has said so. */
  void onGap(long count) {
    gapRecords += count;
  }

  void onFinished() {
    if (firstFinish == null) {
      firstFinish = got();
    }
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
