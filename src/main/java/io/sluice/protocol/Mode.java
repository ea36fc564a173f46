package io.sluice.protocol;

/** How the subscribers of a channel share its records: the option {@code mode}. */
public enum Mode {
  /** Every subscriber gets every record. */
  BROADCAST("broadcast"),
  /** The sockets of one group divide the partitions. Not served yet. */
  GROUP("group"),
  /** The sockets of one group divide the records one by one. Not served yet. */
  QUEUE("queue");

  private final String word;

  Mode(String word) {
    this.word = word;
  }

  /** The word that clients use. */
  public String word() {
    return word;
  }
}
