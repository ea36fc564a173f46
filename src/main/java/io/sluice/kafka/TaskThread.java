package io.sluice.kafka;

import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread for tasks, now and later, that the gateway cannot do without. What a task throws is
 * logged, and the next ones run all the same; an {@link Error} is told to whoever ends the process.
 */
final class TaskThread {
  private static final Logger LOG = LoggerFactory.getLogger(TaskThread.class);

  private final ScheduledExecutorService thread;
  private final Consumer<Throwable> onFatal;

  /**
   * @param name what the thread is called
   * @param onFatal hears of an {@link Error}, on the thread
   */
  TaskThread(String name, Consumer<Throwable> onFatal) {
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(name).factory());
    this.onFatal = onFatal;
  }

  /** Runs {@code task} soon; false where the thread is closed, and it does not. Any thread. */
  boolean execute(Runnable task) {
    return schedule(task, 0);
  }

  /** The same, after {@code delayMs} milliseconds. */
  boolean schedule(Runnable task, long delayMs) {
    try {
      var unused = thread.schedule(guarded(task), delayMs, TimeUnit.MILLISECONDS);
      return true;
    } catch (RejectedExecutionException closed) {
      return false;
    }
  }

  /** Runs {@code task} again and again, with {@code pauseMs} milliseconds before each time. */
  void repeat(Runnable task, long pauseMs) {
    var unused =
        thread.scheduleWithFixedDelay(guarded(task), pauseMs, pauseMs, TimeUnit.MILLISECONDS);
  }

  /** Interrupts what runs, and runs nothing any more. */
  void close() {
    thread.shutdownNow();
  }

  // An executor keeps what a task throws in a future that nobody asks, and repeats that one no
  // more.
  private Runnable guarded(Runnable task) {
    return GuardedLoop.of(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            LOG.error("A task of {} failed.", Thread.currentThread().getName(), e);
          }
        },
        onFatal);
  }
}
