package io.sluice.kafka;

import java.util.Collection;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which partition a poll failed for. Kafka has a class with a field only for records that
 * cannot be deserialized; for a corrupt batch the partition stands in the sentence ("… from
 * orders-3. If needed, …").
 */
final class BrokenPartition {
  private BrokenPartition() {}

  /**
   * The one of {@code assigned} that {@code failure} is about, or {@code null} when it is about
   * none of them alone.
   */
  static @Nullable TopicPartition in(KafkaException failure, Collection<TopicPartition> assigned) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RecordDeserializationException deserialization) {
        return deserialization.topicPartition();
      }
    }
    String message = failure.getMessage();
    if (failure.getClass() != KafkaException.class || message == null) {
      return null;
    }
    for (TopicPartition partition : assigned) {
      if (names(message, partition.toString())) {
        return partition;
      }
    }
    return null;
  }

  /**
   * True when {@code name} stands in {@code message} on its own, not as a part of a longer name.
   */
  private static boolean names(String message, String name) {
    for (int at = message.indexOf(name); at >= 0; at = message.indexOf(name, at + 1)) {
      int end = at + name.length();
      boolean startsAlone = at == 0 || !isNameCharacter(message.charAt(at - 1));
      boolean endsAlone =
          end == message.length()
              || !isNameCharacter(message.charAt(end))
              || message.charAt(end) == '.'
                  && (end + 1 == message.length() || message.charAt(end + 1) == ' ');
      if (startsAlone && endsAlone) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNameCharacter(char c) {
    return Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '-';
  }
}
