package io.sluice.relay;

import io.netty.buffer.ByteBufAllocator;
import io.sluice.log.Batch;
import io.sluice.log.LiveLog;
import io.sluice.log.LogFailure;
import io.sluice.log.LogRecord;
import io.sluice.log.ReplayLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads slices for subscribers that stand before the window: each once, for all who need it.
 * Reader's thread; a slice is encoded on the thread that read it.
 */
final class Replays {
  private static final Logger LOG = LoggerFactory.getLogger(Replays.class);
  private static final long FIRST_DELAY = Duration.ofMillis(100).toNanos();
  private static final int MOST_DOUBLINGS = 5; // 3.2 s

  /**
   * A log that seems to end before the position may only be behind: about 6 s, in which news of the
   * topic arrive.
   */
  private static final int MOST_ATTEMPTS_ABOVE_HEAD = 6;

  private final RelaySettings settings;
  private final LiveLog live;
  private final ReplayLog log;
  private final ByteBufAllocator alloc;
  private final MemoryBudget budget;
  private final RelayCounters counters;
  private final LongSupplier nanoClock;
  private final SliceCache cache;
  private final OwnerQueues queues;
  private final Map<Feed, List<ReplayJob>> jobs = new HashMap<>();
  private final List<ReplayJob> delayed = new ArrayList<>();
  private int running;

  Replays(
      RelaySettings settings,
      LiveLog live,
      ReplayLog log,
      ByteBufAllocator alloc,
      Windows windows,
      RelayCounters counters,
      LongSupplier nanoClock) {
    this.settings = settings;
    this.live = live;
    this.log = log;
    this.alloc = alloc;
    this.budget = windows.budget();
    this.counters = counters;
    this.nanoClock = nanoClock;
    this.cache = new SliceCache(settings.replayCacheBytes(), windows);
    this.queues =
        new OwnerQueues(
            settings.replayBytesPerSecond(),
            settings.replayBytesPerSecondPerOwner(),
            nanoClock.getAsLong());
  }

  /**
   * Gets {@code request} its slice: from the cache, with somebody else's, or by a job of its own.
   */
  void ask(SliceRequest request) {
    place(request);
    dispatch();
  }

  /** Drops what is kept for {@code feed}, and tells who waits that nothing comes. */
  void forget(Feed feed) {
    cache.forget(feed);
    List<ReplayJob> its = jobs.remove(feed);
    if (its != null) {
      for (ReplayJob job : its) {
        fail(job.waiting(), new LogFailure.Unavailable("The topic is no longer read."));
        job.forget();
      }
    }
  }

  /** Memory is short: lets go of cached slices. */
  void shrink(long excess) {
    cache.shrink(excess);
  }

  /** Time has passed. */
  void onTick() {
    long now = nanoClock.getAsLong();
    if (!delayed.isEmpty()) {
      for (ReplayJob job : List.copyOf(delayed)) {
        if (job.notBefore() - now <= 0) {
          delayed.remove(job);
          queues.add(job, now);
        }
      }
    }
    dispatch();
    queues.purge(now);
  }

  private void place(SliceRequest request) {
    if (request.subscriber().isEnded()) {
      return;
    }
    int partition = request.partition().index();
    ReplaySlice cached = cache.find(request.feed(), partition, request.from());
    if (cached != null) {
      counters.replaysShared.increment();
      deliver(cached, List.of(request));
      return;
    }
    ReplayJob same = find(request);
    if (same != null) {
      counters.replaysShared.increment();
      same.add(request);
      return;
    }
    ReplayJob job = new ReplayJob(request);
    jobs.computeIfAbsent(request.feed(), feed -> new ArrayList<>()).add(job);
    queues.add(job, nanoClock.getAsLong());
  }

  /**
   * A job that will read what is asked for: it begins there, or before it and not further away than
   * a slice is long.
   */
  private @Nullable ReplayJob find(SliceRequest request) {
    for (ReplayJob job : jobs.getOrDefault(request.feed(), List.of())) {
      long ahead = request.from() - job.from();
      if (job.partition().equals(request.partition())
          && ahead >= 0
          && ahead < Math.max(1, request.feed().sliceSpan())
          && request.from() < job.until()) {
        return job;
      }
    }
    return null;
  }

  private void dispatch() {
    while (running < log.parallelism()) {
      ReplayJob job = queues.poll(nanoClock.getAsLong());
      if (job == null) {
        return;
      }
      if (job.waiting().isEmpty()) {
        drop(job);
      } else {
        read(job);
      }
    }
  }

  private void read(ReplayJob job) {
    running++;
    counters.replayReads.increment();
    log.read(
        new ReplayLog.Request(
            job.partition().partition(), job.from(), job.until(), settings.sliceBytes()),
        new ReplayLog.Handler() {
          @Override
          public void onBatch(Batch batch) {
            encode(job, batch);
          }

          @Override
          public void onFailure(LogFailure failure) {
            live.execute(() -> onFailed(job, failure));
          }
        });
  }

  /** On the thread that read it. */
  private void encode(ReplayJob job, Batch batch) {
    long scanned = 0;
    for (LogRecord record : batch.records()) {
      scanned += record.size();
    }
    long bytes = scanned;
    try {
      Encoder encoder = job.feed().encoder();
      int partition = job.partition().index();
      ReplaySlice slice = SliceEncoder.encode(batch, partition, encoder, alloc, settings, budget);
      live.execute(() -> onRead(job, slice, bytes));
    } catch (RuntimeException e) {
      LOG.error("A slice of {} could not be encoded", job.feed(), e);
      LogFailure failure = new LogFailure.Internal("A record could not be encoded.");
      live.execute(() -> onFailed(job, failure));
    } catch (Error e) {
      // Not about this read: whoever owns the thread decides, and the reads that may run are not
      // fewer for it.
      live.execute(() -> onBroken(job));
      throw e;
    }
  }

  private void onBroken(ReplayJob job) {
    running--;
    if (!job.isForgotten()) {
      retry(job);
    }
    dispatch();
  }

  private void onRead(ReplayJob job, ReplaySlice slice, long scanned) {
    running--;
    counters.replayBytesScanned.add(scanned);
    queues.scanned(job.owner(), scanned, nanoClock.getAsLong());
    if (job.isForgotten()) {
      slice.release();
    } else if (slice.to() == slice.from()) {
      slice.release();
      retry(job);
    } else {
      drop(job);
      job.feed().sliceSpan(slice.to() - slice.from());
      List<SliceRequest> served = new ArrayList<>();
      List<SliceRequest> others = new ArrayList<>();
      for (SliceRequest request : job.waiting()) {
        (slice.contains(request.from()) ? served : others).add(request);
      }
      deliver(slice, served);
      cache.put(job.feed(), job.partition().index(), slice);
      others.forEach(this::place);
    }
    dispatch();
  }

  private void onFailed(ReplayJob job, LogFailure failure) {
    running--;
    if (!job.isForgotten()) {
      if (isWorthRetrying(job, failure)) {
        retry(job);
      } else {
        drop(job);
        List<SliceRequest> waiting = job.waiting();
        if (failure instanceof LogFailure.OffsetOutOfRange range && range.oldest() > job.from()) {
          waiting.stream().filter(each -> each.from() >= range.oldest()).forEach(this::place);
          fail(waiting.stream().filter(each -> each.from() < range.oldest()).toList(), failure);
        } else {
          fail(waiting, failure);
        }
      }
    }
    dispatch();
  }

  private static boolean isWorthRetrying(ReplayJob job, LogFailure failure) {
    return switch (failure) {
      case LogFailure.Unavailable _, LogFailure.TimedOut _ -> true;
      case LogFailure.OffsetOutOfRange range ->
          job.from() >= range.oldest() && job.attempts() < MOST_ATTEMPTS_ABOVE_HEAD;
      case LogFailure.UnknownTopic _,
          LogFailure.TopicDeleted _,
          LogFailure.Forbidden _,
          LogFailure.TooLarge _,
          LogFailure.Invalid _,
          LogFailure.Internal _ ->
          false;
    };
  }

  private void retry(ReplayJob job) {
    long delay = FIRST_DELAY << Math.min(job.attempts(), MOST_DOUBLINGS);
    job.delay(nanoClock.getAsLong() + delay);
    delayed.add(job);
  }

  private void drop(ReplayJob job) {
    jobs.computeIfPresent(job.feed(), (feed, its) -> its.remove(job) && its.isEmpty() ? null : its);
  }

  /** Each loop gets a reference of its own until its subscribers have looked at the slice. */
  private static void deliver(ReplaySlice slice, List<SliceRequest> requests) {
    byLoop(requests)
        .forEach((loop, its) -> {
          if (slice.tryRetain()) {
            loop.execute(() -> {
              its.forEach(each -> each.subscriber().onSlice(each.asker(), slice));
              slice.release();
            });
          }
        });
  }

  private static void fail(List<SliceRequest> requests, LogFailure failure) {
    byLoop(requests)
        .forEach((loop, its) ->
            loop.execute(() ->
                its.forEach(each -> each.subscriber().onReplayFailed(each.asker(), failure))));
  }

  private static Map<LoopRelay, List<SliceRequest>> byLoop(List<SliceRequest> requests) {
    Map<LoopRelay, List<SliceRequest>> byLoop = new HashMap<>();
    for (SliceRequest request : requests) {
      byLoop.computeIfAbsent(request.subscriber().loop(), loop -> new ArrayList<>()).add(request);
    }
    return byLoop;
  }
}
