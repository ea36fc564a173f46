package io.sluice.kafka;

import io.sluice.log.LogException;
import io.sluice.log.LogFailure;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Says in the nouns of the log what a Kafka exception means: the one place where they are told
 * apart.
 */
final class KafkaFailures {
  private KafkaFailures() {}

  /** What {@code thrown} means to a reader of, or a question about, {@code topic}. */
  static LogFailure ofReading(Throwable thrown, String topic) {
    Throwable cause = unwrap(thrown);
    return switch (cause) {
      case LogException known -> known.failure();
      case UnknownTopicOrPartitionException e -> new LogFailure.UnknownTopic(topic);
      case UnknownTopicIdException e -> new LogFailure.UnknownTopic(topic);
      case InvalidTopicException e -> new LogFailure.UnknownTopic(topic);
      case AuthorizationException e -> new LogFailure.Forbidden(topic, "reading");
      case AuthenticationException e ->
          new LogFailure.Unavailable("The brokers refuse this gateway's credentials.");
      case RetriableException e -> new LogFailure.Unavailable("Kafka does not answer.");
      case TimeoutException e -> new LogFailure.Unavailable("Kafka does not answer.");
      case CancellationException e -> new LogFailure.Unavailable("This gateway is stopping.");
      default ->
          new LogFailure.Internal("Kafka failed (" + cause.getClass().getSimpleName() + ").");
    };
  }

  /** True where {@code thrown} says that there is no {@code topic}. */
  static boolean isUnknownTopic(Throwable thrown, String topic) {
    return ofReading(thrown, topic) instanceof LogFailure.UnknownTopic;
  }

  /**
   * What {@code thrown} means to a publisher to {@code topic}.
   *
   * @param sent whether the record had been handed to the producer's network thread: from then on
   *     an error that is not the broker's final word leaves the outcome unknown
   * @param size bytes of the record
   * @param limit the largest record in bytes, for the answer to one that is larger
   */
  static LogFailure ofPublishing(
      Throwable thrown, String topic, boolean sent, long size, long limit) {
    Throwable cause = unwrap(thrown);
    return switch (cause) {
      case LogException known -> known.failure();
      case RecordTooLargeException e -> new LogFailure.TooLarge(size, limit);
      case AuthorizationException e -> new LogFailure.Forbidden(topic, "writing");
      case InvalidTopicException e -> new LogFailure.UnknownTopic(topic);
      case InvalidTimestampException e ->
          new LogFailure.Invalid("The timestamp is outside of what the topic allows.");
      case InvalidRecordException e ->
          new LogFailure.Invalid(
              "The topic does not take this record; a compacted topic needs a key.");
      case PolicyViolationException e ->
          new LogFailure.Invalid("A policy of the brokers does not allow this record.");
      case IllegalArgumentException e ->
          new LogFailure.Invalid("The record is not one that Kafka takes.");
      default ->
          sent
              ? new LogFailure.TimedOut(
                  "Kafka did not confirm the record in time; it may be stored all the same.")
              : new LogFailure.Unavailable("The record could not be handed to Kafka.");
    };
  }

  /**
   * True when the producer that reported {@code thrown} will never send again and must be replaced.
   * What is not an answer of the brokers comes from the producer's own state.
   */
  static boolean isFatalForProducer(Throwable thrown) {
    Throwable cause = unwrap(thrown);
    return switch (cause) {
      case ProducerFencedException e -> true;
      case OutOfOrderSequenceException e -> true;
      case InvalidProducerEpochException e -> true;
      case UnsupportedVersionException e -> true;
      case ClusterAuthorizationException e -> true;
      case TransactionalIdAuthorizationException e -> true;
      case InterruptException e -> false;
      case SerializationException e -> false;
      case ApiException e -> false;
      case IllegalArgumentException e -> false;
      case IllegalStateException e -> true;
      case KafkaException e -> true;
      default -> false;
    };
  }

  private static Throwable unwrap(Throwable thrown) {
    Throwable cause = thrown;
    while (cause instanceof CompletionException || cause instanceof ExecutionException) {
      if (cause.getCause() == null) {
        return cause;
      }
      cause = cause.getCause();
    }
    return cause;
  }
}
