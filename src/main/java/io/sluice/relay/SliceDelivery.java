package io.sluice.relay;

import io.sluice.log.LiveLog;
import io.sluice.log.LogFailure;
import io.sluice.logging.LogKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands pieces of the log, and the news that there are none, to those who asked for them: the
 * crossing from the reader's thread to event loops.
 */
final class SliceDelivery {
  /** A record can be read and not be encoded. */
  static final LogFailure UNENCODABLE = new LogFailure.Internal("A record could not be encoded.");

  private static final Logger LOG = LoggerFactory.getLogger(SliceDelivery.class);

  private final LiveLog live;
  private final Consumer<SliceRequest> again;

  /**
   * @param again takes, on the reader's thread, requests that were to be served when an {@link
   *     Error} came between
   */
  SliceDelivery(LiveLog live, Consumer<SliceRequest> again) {
    this.live = live;
    this.again = again;
  }

  /** Each loop gets a reference of its own for as long as it hands the piece to its subscribers. */
  void deliver(Piece piece, List<SliceRequest> requests) {
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
      live.execute(() -> left.forEach(again));
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
      fail(request, UNENCODABLE);
      return null;
    }
  }

  /** Tells them so, each on its event loop. */
  static void fail(List<SliceRequest> requests, LogFailure failure) {
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
