package io.sluice.log;

/** Which records of a log are records to a reader (Kafka's isolation levels). */
public enum Isolation {
  /** Those of committed transactions and of none: the head is the last stable offset. */
  READ_COMMITTED("read_committed"),
  /**
   * All, as soon as they are written, also those of transactions that are open or were aborted: the
   * head is the high watermark.
   */
  READ_UNCOMMITTED("read_uncommitted");

  private final String word;

  Isolation(String word) {
    this.word = word;
  }

  /** Kafka's word for it. */
  public String word() {
    return word;
  }
}
