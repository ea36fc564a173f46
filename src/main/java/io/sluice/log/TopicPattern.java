package io.sluice.log;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A glob over names of topics and channels: {@code *} stands for any run of characters within one
 * part between separators ({@code .}, and {@code /} in names of channels), {@code **} for any run
 * across parts; both also for none. Immutable: any thread.
 *
 * <p>All ways to match are followed at once, a bit for each place of the pattern, so that a name
 * costs time in proportion to its length whatever the pattern (no pattern makes the match go back
 * and try again).
 */
public final class TopicPattern {
  /** The longest pattern: as long as the longest name of a topic. */
  public static final int MAX_LENGTH = Topic.MAX_NAME_LENGTH;

  private static final int ASCII = 128;

  private final String text;

  /** Words of 64 places, among them the one behind the last token. */
  private final int words;

  /** By character: at which places it is taken literally. A row for each that the pattern has. */
  private final long[] literals;

  /**
   * Which row of {@link #literals} a character has; 0 is the one of those that it does not have.
   */
  private final byte[] rows = new byte[ASCII];

  /** The places of {@code *} and {@code **}. */
  private final long[] stars;

  /** The places of {@code **} alone. */
  private final long[] doubleStars;

  private final int last;

  private TopicPattern(String text) {
    this.text = text;
    this.words = text.length() / Long.SIZE + 1;
    this.stars = new long[words];
    this.doubleStars = new long[words];
    long[] table = new long[words];
    int rowCount = 1;
    int place = 0;
    for (int i = 0; i < text.length(); i++, place++) {
      char c = text.charAt(i);
      if (c == '*') {
        set(stars, 0, place);
        if (i + 1 < text.length() && text.charAt(i + 1) == '*') {
          set(doubleStars, 0, place);
          i++;
        }
        continue;
      }
      if (rows[c] == 0) {
        rows[c] = (byte) rowCount++;
        table = Arrays.copyOf(table, rowCount * words);
      }
      set(table, rows[c] * words, place);
    }
    this.literals = table;
    this.last = place;
  }

  /** The pattern that {@code text} is; {@link #fault} says beforehand whether it is one. */
  public static TopicPattern of(String text) {
    String fault = fault(text);
    if (fault != null) {
      throw new IllegalArgumentException(fault);
    }
    return new TopicPattern(text);
  }

  /** What is wrong with {@code text} as a pattern, in a sentence; {@code null} where nothing is. */
  public static @Nullable String fault(String text) {
    if (text.isEmpty()) {
      return "A glob has at least one character.";
    }
    if (text.length() > MAX_LENGTH) {
      return "A glob has at most " + MAX_LENGTH + " characters.";
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '*' && !isOfNames(c)) {
        return "A glob consists of letters, digits, '.', '_', '-', '/' (ASCII), '*' and '**'.";
      }
    }
    return text.contains("***") ? "A glob has '*' or '**', never more stars in a row." : null;
  }

  /** Whether the topic {@code name} is one of those. */
  public boolean matches(String name) {
    return words == 1 ? matchesInOneWord(name) : matchesInMany(name);
  }

  private boolean matchesInOneWord(String name) {
    long star = stars[0];
    long across = doubleStars[0];
    long at = 1;
    at |= (at & star) << 1; // a star may stand for nothing
    for (int i = 0; i < name.length() && at != 0; i++) {
      char c = name.charAt(i);
      long moved = (at & literals[row(c)]) << 1 | at & (isSeparator(c) ? across : star);
      at = moved | (moved & star) << 1;
    }
    return (at >>> last & 1) != 0;
  }

  private boolean matchesInMany(String name) {
    long[] at = new long[words];
    at[0] = 1 | (stars[0] & 1) << 1;
    boolean any = true;
    for (int i = 0; i < name.length() && any; i++) {
      char c = name.charAt(i);
      int row = row(c) * words;
      long[] staying = isSeparator(c) ? doubleStars : stars;
      long literalCarry = 0;
      long starCarry = 0;
      any = false;
      for (int w = 0; w < words; w++) {
        long taken = at[w] & literals[row + w];
        long moved = taken << 1 | literalCarry | at[w] & staying[w];
        literalCarry = taken >>> Long.SIZE - 1;
        long skipped = moved & stars[w];
        at[w] = moved | skipped << 1 | starCarry;
        // A place that a skipped star leads to is never a star itself: two in a row are one token.
        starCarry = skipped >>> Long.SIZE - 1;
        any |= at[w] != 0;
      }
    }
    return (at[last / Long.SIZE] >>> last % Long.SIZE & 1) != 0;
  }

  private int row(char c) {
    return c < ASCII ? rows[c] : 0;
  }

  private static void set(long[] bits, int from, int place) {
    bits[from + place / Long.SIZE] |= 1L << place % Long.SIZE;
  }

  private static boolean isSeparator(char c) {
    return c == '.' || c == '/';
  }

  private static boolean isOfNames(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || isSeparator(c)
        || c == '_'
        || c == '-';
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TopicPattern pattern && text.equals(pattern.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
