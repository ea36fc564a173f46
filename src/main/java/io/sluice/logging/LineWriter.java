package io.sluice.logging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines on a thread of its own: whoever has one only puts it into a bounded queue. While
 * nobody takes what is written, a pipe for one that is not read, lines are lost and counted; nobody
 * waits (RELIABILITY R32).
 */
final class LineWriter {
  /** How long lines of {@code owed} may wait where nothing else is written. */
  private static final long LOOK_MILLIS = 1_000;

  private static final int BATCH_BYTES = 32 * 1024;

  /**
   * Something to write.
   *
   * @param line bytes of one line, its end included
   * @param written counted down once all before it is written; null where nobody asks
   */
  private record Item(byte[] line, @Nullable CountDownLatch written) {}

  private final OutputStream out;
  private final Supplier<List<byte[]>> owed;
  private final BlockingQueue<Item> queue;
  private final AtomicLong dropped = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param out where lines go; writing to it may take any time
   * @param capacity lines that may wait; the memory that is bounded by it is about a kilobyte each
   * @param owed asked for further lines after each write, and each second, on the writer's thread
   */
  LineWriter(OutputStream out, int capacity, Supplier<List<byte[]>> owed) {
    this.out = out;
    this.owed = owed;
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.thread = Thread.ofPlatform().daemon().name("sluice-log").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Writes {@code line} soon, or never. Any thread; does not wait. */
  void offer(byte[] line) {
    if (!queue.offer(new Item(line, null))) {
      dropped.incrementAndGet();
    }
  }

  /** Lines that were lost. Any thread. */
  long dropped() {
    return dropped.get();
  }

  /** Waits until what was offered is written; false where {@code patience} was not enough. */
  boolean flush(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    CountDownLatch written = new CountDownLatch(1);
    try {
      return queue.offer(new Item(new byte[0], written), patience.toNanos(), TimeUnit.NANOSECONDS)
          && written.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Writes what is there, at most for {@code patience}, and ends the thread. */
  void close(Duration patience) {
    flush(patience);
    closed = true;
    thread.interrupt();
  }

  private void run() {
    while (!closed) {
      try {
        Item first = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        write(first);
      } catch (InterruptedException e) {
        closed = true;
      }
    }
  }

  private void write(@Nullable Item first) {
    ByteArrayOutputStream batch = new ByteArrayOutputStream(256);
    CountDownLatch written = null;
    int lines = 0;
    Item item = first;
    while (item != null) {
      batch.writeBytes(item.line());
      lines++;
      written = item.written();
      item = written == null && batch.size() < BATCH_BYTES ? queue.poll() : null;
    }
    for (byte[] line : owed.get()) {
      batch.writeBytes(line);
      lines++;
    }
    try {
      if (batch.size() > 0) {
        batch.writeTo(out);
        out.flush();
      }
    } catch (IOException gone) {
      dropped.addAndGet(lines); // who read it is no more; there is no other place to say it
    } finally {
      if (written != null) {
        written.countDown();
      }
    }
  }
}
