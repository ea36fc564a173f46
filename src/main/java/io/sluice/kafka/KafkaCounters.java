package io.sluice.kafka;

import io.sluice.log.LogFailure;
import io.sluice.log.PublishOutcome;
import java.util.concurrent.atomic.LongAdder;

/** What this room counts, for metrics. Every counter only grows and may be read on any thread. */
public final class KafkaCounters {
  /** Polls of the live reader that returned. */
  public final LongAdder livePolls = new LongAdder();

  /** Records that the live reader handed over. */
  public final LongAdder liveRecords = new LongAdder();

  /** Bytes of keys, values and headers that the live reader handed over. */
  public final LongAdder liveBytes = new LongAdder();

  /** Polls of the live reader that threw, for one partition or for all. */
  public final LongAdder liveFailures = new LongAdder();

  /** Live consumers that were replaced after a failure. */
  public final LongAdder liveConsumersReplaced = new LongAdder();

  /** How far the live readers are behind. */
  public final LiveLags liveLag = new LiveLags();

  /** Slices that were read for replays. */
  public final LongAdder replayReads = new LongAdder();

  /** Replay reads that went on where a consumer stood, so that nothing was fetched in vain. */
  public final LongAdder replayContinued = new LongAdder();

  /** Records in those slices. */
  public final LongAdder replayRecords = new LongAdder();

  /** Bytes in those slices. */
  public final LongAdder replayBytes = new LongAdder();

  /** Replay reads that failed. */
  public final LongAdder replayFailures = new LongAdder();

  /** Records that were asked to be published. */
  public final LongAdder publishes = new LongAdder();

  /** Bytes of their keys, values and headers. */
  public final LongAdder publishBytes = new LongAdder();

  /**
   * How long publishes took, from the call to the outcome, whatever it was; those that were refused
   * at once are not among them.
   */
  public final LatencyHistogram publishTime = new LatencyHistogram();

  /** Publishes that were acknowledged. */
  public final LongAdder published = new LongAdder();

  /** Publishes that failed as unavailable or busy. */
  public final LongAdder publishUnavailable = new LongAdder();

  /** Publishes whose outcome is unknown. */
  public final LongAdder publishTimedOut = new LongAdder();

  /** Publishes that failed in any other way: too large, unknown topic, forbidden. */
  public final LongAdder publishRefused = new LongAdder();

  /** Outcomes that nobody took, because the caller's executor had ended. */
  public final LongAdder outcomesDropped = new LongAdder();

  /** Producers that were replaced after a fatal error. */
  public final LongAdder producersReplaced = new LongAdder();

  /** Describe requests of the catalog. */
  public final LongAdder describeRequests = new LongAdder();

  /** Requests for the names of all topics. */
  public final LongAdder listRequests = new LongAdder();

  /** Probes that failed. */
  public final LongAdder probeFailures = new LongAdder();

  KafkaCounters() {}

  void count(PublishOutcome outcome) {
    switch (outcome) {
      case PublishOutcome.Stored stored -> published.increment();
      case PublishOutcome.Failed(LogFailure failure) -> {
        switch (failure) {
          case LogFailure.Unavailable unavailable -> publishUnavailable.increment();
          case LogFailure.TimedOut timedOut -> publishTimedOut.increment();
          case LogFailure.UnknownTopic other -> publishRefused.increment();
          case LogFailure.TopicDeleted other -> publishRefused.increment();
          case LogFailure.OffsetOutOfRange other -> publishRefused.increment();
          case LogFailure.Forbidden other -> publishRefused.increment();
          case LogFailure.TooLarge other -> publishRefused.increment();
          case LogFailure.Invalid other -> publishRefused.increment();
          case LogFailure.Internal other -> publishRefused.increment();
        }
      }
    }
  }
}
