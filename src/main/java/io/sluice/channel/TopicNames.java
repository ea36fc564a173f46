package io.sluice.channel;

import io.sluice.log.Topic;

/** Which names a topic may have for a client. */
final class TopicNames {
  /** What Kafka and its tools call their own topics: {@code __consumer_offsets} and the like. */
  static final String INTERNAL = "__";

  private TopicNames() {}

  /** Whether Kafka takes {@code name} as the name of a topic. */
  static boolean isLegal(String name) {
    return !name.isEmpty()
        && name.length() <= Topic.MAX_NAME_LENGTH
        && !name.equals(".")
        && !name.equals("..")
        && Characters.areOfTopic(name);
  }

  /** Whether clients may see it. */
  static boolean isShown(String name) {
    return isLegal(name) && !isInternal(name);
  }

  /** Whether it is one that clients never see. */
  static boolean isInternal(String name) {
    return name.startsWith(INTERNAL);
  }
}
