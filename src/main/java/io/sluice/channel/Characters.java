package io.sluice.channel;

/**
 * Which characters names are made of: Kafka's (ASCII letters, digits, {@code .}, {@code _}, {@code
 * -}), and {@code /} between the segments of a channel's name. Nothing else, so that no name looks
 * like another one or means a path.
 */
final class Characters {
  private Characters() {}

  static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  /** What the value of a variable may have: all but the two separators. */
  static boolean isOfValue(char c) {
    return isLetter(c) || c >= '0' && c <= '9' || c == '_' || c == '-';
  }

  /** What ends a segment of a channel's name. */
  static boolean isSeparator(char c) {
    return c == '/' || c == '.';
  }

  /** Whether {@code text} has only characters of topic names. */
  static boolean areOfTopic(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isOfValue(text.charAt(i)) && text.charAt(i) != '.') {
        return false;
      }
    }
    return true;
  }
}
