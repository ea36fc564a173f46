package io.sluice.protocol;

/** What becomes of a subscriber that falls out of the retained window. */
public enum Overflow {
  /** It reads on from Kafka and joins the window again. */
  REPLAY("replay"),
  /** It jumps to the window, with a {@code gap}. */
  SKIP("skip"),
  /** It is ended with code {@code slow} and its positions. */
  END("end");

  private final String word;

  Overflow(String word) {
    this.word = word;
  }

  /** The word that clients use. */
  public String word() {
    return word;
  }
}
