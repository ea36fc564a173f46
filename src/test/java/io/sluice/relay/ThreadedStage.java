package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.log.Isolation;
import io.sluice.log.ReadableLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A relay on {@link EndlessTopics} with real threads: one reader that appends and evicts, two event
 * loops, two replay threads. The first thing that fails on any of them is kept.
 */
final class ThreadedStage {
  /** An event loop and the relay's part of it. */
  record Loop(ScheduledExecutorService executor, LoopRelay relay) {}

  final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false, true);
  final EndlessTopics log;
  final Relay relay;
  final List<Loop> loops = new ArrayList<>();
  private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
  private final long deadline;
  private final Thread reader;

  /**
   * @param records how many a partition has
   * @param speed how many times as fast as others the relay's clock goes
   * @param seconds how long the test may take
   */
  ThreadedStage(RelaySettings settings, long records, int speed, int seconds) {
    this.log = new EndlessTopics(records, this::guarded);
    this.relay =
        new Relay(
            settings,
            Map.of(Isolation.READ_COMMITTED, new ReadableLog(log, log, log)),
            (subscription, form) -> new TextEncoder(subscription),
            () -> speed * System.nanoTime(),
            alloc);
    this.deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (int i = 0; i < 2; i++) {
      ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
      LoopRelay loop =
          relay.loop(
              task -> executor.execute(() -> guarded(task)),
              (nanos, task) ->
                  executor.schedule(() -> guarded(task), nanos / speed, TimeUnit.NANOSECONDS));
      loops.add(new Loop(executor, loop));
    }
    this.reader =
        Thread.ofPlatform()
            .unstarted(() -> guarded(() -> log.run(relay.liveListener(Isolation.READ_COMMITTED))));
  }

  void start() {
    reader.start();
  }

  /** Runs {@code task}, and keeps what it throws. */
  void guarded(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      broken.compareAndSet(null, e);
      throw e;
    }
  }

  /** Waits until {@code condition} holds, as long as nothing has failed. */
  void await(BooleanSupplier condition, Supplier<String> otherwise) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      if (broken.get() != null || System.nanoTime() > deadline) {
        throw new AssertionError(otherwise.get(), broken.get());
      }
      TimeUnit.MILLISECONDS.sleep(5); // a condition with a deadline
    }
  }

  /** Ends everything, when the last feed is gone; nothing may have failed, and no byte be left. */
  void stop() throws InterruptedException {
    await(() -> relay.counters().feeds() == 0, () -> "There are feeds left.");
    log.stopped = true;
    reader.join();
    log.replays.close();
    loops.forEach(loop -> loop.executor().close());
    relay.releaseSpares();
    assertThat(broken.get()).isNull();
    assertThat(alloc.metric().usedHeapMemory()).isZero();
  }
}
