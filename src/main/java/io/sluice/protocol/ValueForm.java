package io.sluice.protocol;

/** How record values are written to a client: the option {@code value}. */
public enum ValueForm {
  /** JSON where it is JSON, else text, else base64. */
  AUTO("auto"),
  /** The same as {@link #AUTO}. */
  JSON("json"),
  /** A string, also where it is JSON; base64 where it is not UTF-8. */
  TEXT("text"),
  /** Always base64. */
  BASE64("base64");

  private final String word;

  ValueForm(String word) {
    this.word = word;
  }

  /** The word that clients use. */
  public String word() {
    return word;
  }
}
