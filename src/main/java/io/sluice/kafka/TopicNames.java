package io.sluice.kafka;

import org.apache.kafka.common.internals.Topic;

/** Which names may be asked for at all. */
final class TopicNames {
  private TopicNames() {}

  /**
   * True for a name that Kafka allows (1 to 249 of {@code [a-zA-Z0-9._-]}, neither {@code .} nor
   * {@code ..}) and that is not internal to Kafka or its tools ({@code __…}). Anything else does
   * not exist for clients: no broker is asked.
   */
  static boolean isShown(String name) {
    return Topic.isValid(name) && !name.startsWith("__") && !Topic.isInternal(name);
  }
}
