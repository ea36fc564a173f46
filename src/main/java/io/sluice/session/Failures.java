package io.sluice.session;

import io.sluice.log.LogException;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Failure;

/** Translates what the log says into what a client is told. */
final class Failures {
  private Failures() {}

  /** What a client is told of {@code failure}. */
  static Failure of(LogFailure failure) {
    return switch (failure) {
      case LogFailure.UnknownTopic _ -> unknownChannel();
      case LogFailure.TopicDeleted deleted ->
          Failure.of(ErrorCode.TOPIC_DELETED, deleted.message());
      case LogFailure.OffsetOutOfRange range -> {
        Partition partition = range.partition();
        yield new Failure(
            ErrorCode.OFFSET_OUT_OF_RANGE,
            range.message(),
            null,
            new Failure.Detail.Range(
                partition.topic(), partition.number(), range.oldest(), range.head()));
      }
      case LogFailure.Forbidden _ ->
          Failure.of(ErrorCode.FORBIDDEN, "The gateway is not allowed to do this in Kafka.");
      case LogFailure.TooLarge large -> Failure.of(ErrorCode.TOO_LARGE, large.message());
      case LogFailure.Invalid invalid -> Failure.of(ErrorCode.INVALID, invalid.message());
      case LogFailure.Unavailable unavailable ->
          Failure.of(ErrorCode.UNAVAILABLE, unavailable.message());
      case LogFailure.TimedOut late -> Failure.of(ErrorCode.TIMEOUT, late.message());
      case LogFailure.Internal _ ->
          Failure.of(ErrorCode.INTERNAL, "Something failed in the gateway; its log says what.");
    };
  }

  /** What a client is told of {@code thrown}, by which a stage of the log completed. */
  static Failure of(Throwable thrown) {
    return of(LogException.failureOf(thrown));
  }

  /** The channel is not there, or not for this client: the two look the same. */
  static Failure unknownChannel() {
    return Failure.of(ErrorCode.UNKNOWN_CHANNEL, "There is no channel of this name.", "channel");
  }
}
