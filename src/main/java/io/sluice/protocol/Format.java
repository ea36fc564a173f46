package io.sluice.protocol;

/** In which form a client and the gateway talk about a channel: its sub-protocol. */
public enum Format {
  /** {@code sluice.v1.json}. */
  JSON("json"),
  /** {@code sluice.v1.cbor}. */
  CBOR("cbor"),
  /** {@code sluice.v1.raw}: a record's value as it is. */
  RAW("raw");

  private final String word;

  Format(String word) {
    this.word = word;
  }

  /** The word that settings use. */
  public String word() {
    return word;
  }
}
