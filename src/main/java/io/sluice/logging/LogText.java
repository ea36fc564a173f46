package io.sluice.logging;

/**
 * Any text, made fit for a log line: on one line, with nothing that a terminal would act on, and
 * cut. What is not fit stands there as Java writes it, {@code \n} or {@code \}{@code u202e}.
 */
final class LogText {
  /** Characters that a sentence may have (RELIABILITY A11). */
  static final int MAX_SENTENCE = 512;

  /** Characters that the value of a key may have: a piece of what a client said is enough. */
  static final int MAX_VALUE = 200;

  private static final char CUT = '…';

  private LogText() {}

  /** {@code text}, fit, in at most {@code most} characters; it ends with {@code …} where cut. */
  static String fit(String text, int most) {
    int plain = 0;
    while (plain < text.length() && plain < most && isPlain(text.charAt(plain))) {
      plain++;
    }
    return plain == text.length() ? text : fitSlowly(text, most);
  }

  private static String fitSlowly(String text, int most) {
    StringBuilder fit = new StringBuilder(Math.min(most, text.length()) + 16);
    int i = 0;
    while (i < text.length()) {
      int end = fit.length();
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      append(c, fit);
      int room = i < text.length() ? most - 1 : most; // one is kept for the sign that it was cut
      if (fit.length() > room) {
        fit.setLength(end);
        return fit.append(CUT).toString();
      }
    }
    return fit.toString();
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c <= '~';
  }

  private static void append(int c, StringBuilder to) {
    switch (c) {
      case '\n' -> to.append("\\n");
      case '\r' -> to.append("\\r");
      case '\t' -> to.append("\\t");
      default -> {
        if (isVisible(c)) {
          to.appendCodePoint(c);
        } else if (Character.isBmpCodePoint(c)) {
          to.append("\\u").append(hex(c, 4));
        } else {
          to.append("\\u{").append(hex(c, 5)).append('}');
        }
      }
    }
  }

  /**
   * Not so are control characters (ANSI escapes among them), what reorders or hides text, line
   * separators, halves of pairs, and what no font has.
   */
  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  private static String hex(int c, int digits) {
    String hex = Integer.toHexString(c);
    return "0".repeat(Math.max(0, digits - hex.length())) + hex;
  }
}
