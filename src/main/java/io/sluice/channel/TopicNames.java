package io.sluice.channel;

/** Which names a topic may have for a client. */
final class TopicNames {
  /** The longest name of a topic (Kafka's own limit). */
  static final int MAX_LENGTH = 249;

  /** What Kafka and its tools call their own topics: {@code __consumer_offsets} and the like. */
  static final String INTERNAL = "__";

  private TopicNames() {}

  /** Whether Kafka takes {@code name} as the name of a topic. */
  static boolean isLegal(String name) {
    return !name.isEmpty()
        && name.length() <= MAX_LENGTH
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
