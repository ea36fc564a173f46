package io.sluice.channel;

/**
 * Maps the name that a client gives to the topic behind it. With no templates configured a channel
 * is the topic of the same name. Whether that topic exists is for the log to say: this only refuses
 * what could never be one.
 */
public final class Channels {
  /** The longest name of a topic (Kafka's own limit). */
  public static final int MAX_NAME_LENGTH = 249;

  /** What a name stands for. */
  public sealed interface Resolution {
    /** The topic of that channel. */
    record ToTopic(String topic) implements Resolution {}

    /** No channel has this name, or it is one that is never shown. */
    record Unknown(String reason) implements Resolution {}

    /** The name is a pattern ({@code *} or {@code **}). */
    record Pattern() implements Resolution {}
  }

  /** What {@code name} stands for. */
  public Resolution resolve(String name) {
    if (name.indexOf('*') >= 0) {
      return new Resolution.Pattern();
    }
    if (name.isEmpty()) {
      return new Resolution.Unknown("A channel's name has at least one character.");
    }
    if (name.length() > MAX_NAME_LENGTH) {
      return new Resolution.Unknown(
          "A channel's name has at most " + MAX_NAME_LENGTH + " characters.");
    }
    if (name.equals(".") || name.equals("..") || !isTopicName(name)) {
      return new Resolution.Unknown(
          "A channel's name consists of letters, digits, '.', '_' and '-' (ASCII), and is not '.' or '..'.");
    }
    if (name.startsWith("__")) {
      // The four topics of Kafka itself, and by convention every other internal one. Told apart
      // from a missing
      // topic by nothing, so that nobody can probe for them.
      return new Resolution.Unknown("There is no channel of this name.");
    }
    return new Resolution.ToTopic(name);
  }

  private static boolean isTopicName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean allowed =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '.'
              || c == '_'
              || c == '-';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }
}
