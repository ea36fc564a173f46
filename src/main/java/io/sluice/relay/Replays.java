package io.sluice.relay;

import io.netty.buffer.ByteBufAllocator;
import io.sluice.log.Batch;
import io.sluice.log.LiveLog;
import io.sluice.log.LogFailure;
import io.sluice.log.LogRecord;
import io.sluice.log.ReplayLog;
import io.sluice.logging.LogKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads pieces of the log for subscribers that stand before the window: each once, for all who need
 * it. Reader's thread; a slice for one feed is encoded on the thread that read it, what is found by
 * its key in a {@link Scan} on the event loop that gets it.
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
  private final SliceDelivery delivery;
  private final Map<Scope, TreeMap<Long, ReplayJob>> jobs = new HashMap<>();

  /** How many offsets the last piece had: about what the next will have. */
  private final Map<Scope, Long> spans = new HashMap<>();

  private final List<ReplayJob> delayed = new ArrayList<>();
  private int running;

  /** Those of the running that were read in vain before. */
  private int retried;

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
    this.delivery = new SliceDelivery(live, this::placeLater);
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

  /**
   * {@code feed} reads {@code partition} no longer: drops what is kept for it alone, and tells who
   * waits that nothing comes.
   */
  void forget(Feed feed, FeedPartition partition) {
    if (feed.recordKey() == null) {
      forget(Scope.of(feed, partition));
    }
  }

  /** No feed reads {@code source} any more: the same for what was read for several of them. */
  void forgetSource(PartitionProgress source) {
    forget(new Scope(source, null));
  }

  private void forget(Scope scope) {
    cache.forget(scope);
    spans.remove(scope);
    TreeMap<Long, ReplayJob> its = jobs.remove(scope);
    if (its != null) {
      for (ReplayJob job : its.values()) {
        SliceDelivery.fail(job.waiting(), noLongerRead());
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
    if (isOver(request)) {
      return;
    }
    Scope scope = request.scope();
    Piece cached = cache.find(scope, request.from());
    if (cached != null) {
      counters.replaysShared.increment();
      delivery.deliver(cached, List.of(request));
      return;
    }
    ReplayJob same = find(scope, request);
    if (same != null) {
      counters.replaysShared.increment();
      same.add(request);
      return;
    }
    queues.add(newJob(scope, request), nanoClock.getAsLong());
  }

  /** True where there is nobody left, or nothing left to read, which is told. */
  private static boolean isOver(SliceRequest request) {
    if (request.subscriber().isEnded()) {
      return true;
    }
    if (!request.feed().reads(request.partition())) {
      // It has gone since, of which the loop was told before: what has its name now is another one.
      SliceDelivery.fail(List.of(request), noLongerRead());
      return true;
    }
    return false;
  }

  private void placeLater(SliceRequest request) {
    if (isOver(request)) {
      return;
    }
    ReplayJob same = find(request.scope(), request);
    if (same != null) {
      same.add(request);
    } else {
      retry(newJob(request.scope(), request));
    }
  }

  private ReplayJob newJob(Scope scope, SliceRequest request) {
    ReplayJob job = new ReplayJob(request);
    jobs.computeIfAbsent(scope, key -> new TreeMap<>()).put(job.from(), job);
    return job;
  }

  /**
   * A job that will read what is asked for: it begins there, or before it and not further away than
   * a piece is long.
   */
  private @Nullable ReplayJob find(Scope scope, SliceRequest request) {
    TreeMap<Long, ReplayJob> its = jobs.get(scope);
    Map.Entry<Long, ReplayJob> below = its == null ? null : its.floorEntry(request.from());
    if (below == null) {
      return null;
    }
    ReplayJob job = below.getValue();
    long span = Math.max(1, spans.getOrDefault(scope, 1L));
    return request.from() - job.from() < span && request.from() < job.until() ? job : null;
  }

  private void dispatch() {
    while (running < log.parallelism()) {
      ReplayJob job = queues.poll(nanoClock.getAsLong());
      if (job == null) {
        return;
      }
      if (job.waiting().isEmpty()) {
        drop(job);
      } else if (job.attempts() > 0 && retried >= Math.max(1, log.parallelism() - 1)) {
        // Partitions that nobody answers for are waited for: they leave a reader to the others.
        delayed.add(job);
      } else {
        read(job);
      }
    }
  }

  private void read(ReplayJob job) {
    running++;
    retried += job.attempts() > 0 ? 1 : 0;
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
      Piece piece = piece(job, batch);
      if (piece instanceof ReplaySlice slice) {
        slice.countGaps(counters);
      }
      live.execute(() -> onRead(job, piece, bytes));
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue(LogKeys.TOPIC, job.partition().partition().topic())
          .addKeyValue(LogKeys.PARTITION, job.partition().partition().number())
          .setCause(e)
          .log("A replayed record could not be encoded.");
      live.execute(() -> onFailed(job, SliceDelivery.UNENCODABLE));
    } catch (Error e) {
      // Not about this read: whoever owns the thread decides, and the reads that may run are not
      // fewer for it.
      live.execute(() -> onBroken(job));
      throw e;
    }
  }

  private Piece piece(ReplayJob job, Batch batch) {
    Feed feed = job.scope().feed();
    return feed == null
        ? Scan.of(batch, alloc, settings, budget)
        : SliceEncoder.encode(
            batch.from(),
            batch.to(),
            batch.records(),
            job.partition().index(),
            feed,
            alloc,
            settings,
            budget);
  }

  private void onEnded(ReplayJob job) {
    running--;
    retried -= job.attempts() > 0 ? 1 : 0;
  }

  private void onBroken(ReplayJob job) {
    onEnded(job);
    if (!job.isForgotten()) {
      retry(job);
    }
    dispatch();
  }

  private void onRead(ReplayJob job, Piece piece, long scanned) {
    onEnded(job);
    counters.replayBytesScanned.add(scanned);
    queues.scanned(job.owner(), scanned, nanoClock.getAsLong());
    if (job.isForgotten()) {
      piece.release();
    } else if (piece.to() == piece.from()) {
      piece.release();
      retry(job);
    } else {
      drop(job);
      spans.put(job.scope(), piece.to() - piece.from());
      List<SliceRequest> served = new ArrayList<>();
      List<SliceRequest> others = new ArrayList<>();
      for (SliceRequest request : job.waiting()) {
        (piece.contains(request.from()) ? served : others).add(request);
      }
      delivery.deliver(piece, served);
      cache.put(job.scope(), piece);
      others.forEach(this::place);
    }
    dispatch();
  }

  private void onFailed(ReplayJob job, LogFailure failure) {
    onEnded(job);
    if (!job.isForgotten()) {
      if (isWorthRetrying(job, failure)) {
        retry(job);
      } else {
        drop(job);
        List<SliceRequest> waiting = job.waiting();
        if (failure instanceof LogFailure.OffsetOutOfRange range && range.oldest() > job.from()) {
          waiting.stream().filter(each -> each.from() >= range.oldest()).forEach(this::place);
          SliceDelivery.fail(
              waiting.stream().filter(each -> each.from() < range.oldest()).toList(), failure);
        } else {
          SliceDelivery.fail(waiting, failure);
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
    jobs.computeIfPresent(
        job.scope(), (scope, its) -> its.remove(job.from(), job) && its.isEmpty() ? null : its);
  }

  private static LogFailure noLongerRead() {
    return new LogFailure.Unavailable("The topic is no longer read.");
  }
}
