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
        fail(job.waiting(), noLongerRead());
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
      deliver(cached, List.of(request));
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
      fail(List.of(request), noLongerRead());
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
      live.execute(() -> onFailed(job, unencodable()));
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
      deliver(piece, served);
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
    jobs.computeIfPresent(
        job.scope(), (scope, its) -> its.remove(job.from(), job) && its.isEmpty() ? null : its);
  }

  /** Each loop gets a reference of its own for as long as it hands the piece to its subscribers. */
  private void deliver(Piece piece, List<SliceRequest> requests) {
    byLoop(requests)
        .forEach((loop, its) -> {
          for (int i = 0; i < its.size(); i += LoopRelay.SWEEP) {
            List<SliceRequest> some = its.subList(i, Math.min(its.size(), i + LoopRelay.SWEEP));
            if (piece.tryRetain() && !loop.execute(() -> handOver(piece, some))) {
              piece.release();
            }
          }
        });
  }

  /** On the event loop of {@code requests}; the reference to {@code piece} is this call's. */
  private void handOver(Piece piece, List<SliceRequest> requests) {
    Map<Feed, ReplaySlice> slices = new HashMap<>(2);
    int next = 0;
    try {
      while (next < requests.size()) {
        SliceRequest request = requests.get(next);
        ReplaySlice slice =
            request.subscriber().isEnded() ? null : sliceFor(request, piece, slices);
        next++;
        if (slice != null) {
          request.subscriber().onSlice(request.asker(), slice);
        }
      }
    } catch (Error e) {
      // Not about this piece: whoever owns the thread decides, and those who wait are not left so.
      List<SliceRequest> left = requests.subList(next, requests.size());
      live.execute(() -> left.forEach(this::placeLater));
      throw e;
    } finally {
      slices.values().forEach(ReplaySlice::release);
      piece.release();
    }
  }

  /** Null where it could not be encoded, which {@code request} is told. */
  private static @Nullable ReplaySlice sliceFor(
      SliceRequest request, Piece piece, Map<Feed, ReplaySlice> slices) {
    Feed feed = request.feed();
    try {
      return slices.computeIfAbsent(feed, key -> piece.sliceFor(key, request.partition()));
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue(LogKeys.SUBSCRIPTION, feed.number())
          .setCause(e)
          .log("A replayed record could not be encoded.");
      fail(request, unencodable());
      return null;
    }
  }

  private static LogFailure noLongerRead() {
    return new LogFailure.Unavailable("The topic is no longer read.");
  }

  private static LogFailure unencodable() {
    return new LogFailure.Internal("A record could not be encoded.");
  }

  private static void fail(List<SliceRequest> requests, LogFailure failure) {
    byLoop(requests)
        .forEach((loop, its) -> loop.execute(() -> its.forEach(each -> fail(each, failure))));
  }

  /** On the event loop of {@code request}. */
  private static void fail(SliceRequest request, LogFailure failure) {
    request.subscriber().guard(each -> each.onReplayFailed(request.asker(), failure));
  }

  private static Map<LoopRelay, List<SliceRequest>> byLoop(List<SliceRequest> requests) {
    Map<LoopRelay, List<SliceRequest>> byLoop = new HashMap<>();
    for (SliceRequest request : requests) {
      byLoop.computeIfAbsent(request.subscriber().loop(), loop -> new ArrayList<>()).add(request);
    }
    return byLoop;
  }
}
