package io.sluice.kafka;

import io.sluice.log.Partition;
import io.sluice.log.ReplayLog.Handler;
import io.sluice.log.ReplayLog.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Slices that wait to be read, handed to the reader that stands where they begin, else to the one
 * that waited. The crossing into the replay threads; any thread.
 *
 * <p>A reader may prefer a later slice that goes on where it stands, but the first of the queue is
 * passed over at most {@link #PASSED_OVER} times: one long replay does not hold up the others.
 */
final class ReplayQueue {
  /** Four slices are at most 1 MiB, a few milliseconds. */
  static final int PASSED_OVER = 4;

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Job> jobs = new ArrayDeque<>();
  private final Reader[] readers;
  private boolean closed;

  ReplayQueue(int readers) {
    this.readers = new Reader[readers];
    for (int i = 0; i < readers; i++) {
      this.readers[i] = new Reader(lock.newCondition());
    }
  }

  /** Queues {@code job}; false when the queue is closed. */
  boolean offer(Job job) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      Reader reader = jobs.isEmpty() ? bestFree(job.request) : null;
      if (reader == null) {
        jobs.addLast(job);
      } else {
        reader.handed = job;
        reader.wake.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next slice for reader {@code number}; {@code null} after {@code idleMs}, or when the queue
   * is closed.
   */
  @Nullable Job take(int number, long idleMs) throws InterruptedException {
    lock.lock();
    try {
      Reader reader = readers[number];
      reader.finishing = false;
      Job queued = reader.handed == null ? next(reader) : null;
      if (queued != null) {
        return queued;
      }
      long left = TimeUnit.MILLISECONDS.toNanos(idleMs);
      reader.idle = true;
      try {
        while (reader.handed == null && !closed && left > 0) {
          left = reader.wake.awaitNanos(left);
        }
      } finally {
        reader.idle = false;
      }
      Job handed = reader.handed;
      reader.handed = null;
      return handed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reader {@code number} has read, and can go on at {@code next} of {@code partition} without a
   * seek. It is about to take again: a slice that comes meanwhile and begins there is kept for it.
   */
  void standsAt(int number, Partition partition, long next) {
    lock.lock();
    try {
      readers[number].partition = partition;
      readers[number].next = next;
      readers[number].finishing = true;
    } finally {
      lock.unlock();
    }
  }

  /** Reader {@code number} stands at no partition. */
  void standsNowhere(int number) {
    lock.lock();
    try {
      readers[number].partition = null;
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes all readers, and returns what nobody will read any more. */
  List<Job> close() {
    lock.lock();
    try {
      closed = true;
      List<Job> left = new ArrayList<>(jobs);
      jobs.clear();
      for (Reader reader : readers) {
        reader.wake.signal();
      }
      return left;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Job next(Reader reader) {
    Job first = jobs.peekFirst();
    if (first == null) {
      return null;
    }
    if (first.passedOver < PASSED_OVER) {
      for (Iterator<Job> all = jobs.iterator(); all.hasNext(); ) {
        Job job = all.next();
        if (reader.standsAt(job.request)) {
          if (job != first) {
            first.passedOver++;
          }
          all.remove();
          return job;
        }
      }
    }
    return jobs.removeFirst();
  }

  /**
   * The free reader that stands where {@code request} begins, else an idle one that stands nowhere,
   * else any idle.
   */
  private @Nullable Reader bestFree(Request request) {
    Reader best = null;
    for (Reader reader : readers) {
      if (reader.handed != null) {
        continue;
      }
      if ((reader.idle || reader.finishing) && reader.standsAt(request)) {
        return reader;
      }
      if (reader.idle && (best == null || reader.partition == null)) {
        best = reader;
      }
    }
    return best;
  }

  /** One slice, and who wants it. */
  static final class Job {
    private final Request request;
    private final Handler handler;
    private int passedOver;

    Job(Request request, Handler handler) {
      this.request = request;
      this.handler = handler;
    }

    Request request() {
      return request;
    }

    Handler handler() {
      return handler;
    }
  }

  private static final class Reader {
    final Condition wake;
    boolean idle;
    boolean finishing;
    @Nullable Job handed;
    @Nullable Partition partition;
    long next;

    Reader(Condition wake) {
      this.wake = wake;
    }

    boolean standsAt(Request request) {
      return request.from() == next && request.partition().equals(partition);
    }
  }
}
