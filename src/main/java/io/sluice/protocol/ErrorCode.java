package io.sluice.protocol;

/** The errors of the protocol. Each says whether the client, the operator or time can mend it. */
public enum ErrorCode {
  INVALID("invalid"),
  UNKNOWN_CHANNEL("unknown-channel"),
  UNKNOWN_SUBSCRIPTION("unknown-subscription"),
  DUPLICATE_SUBSCRIPTION("duplicate-subscription"),
  FORBIDDEN("forbidden"),
  TOO_LARGE("too-large"),
  TOO_MANY("too-many"),
  OFFSET_OUT_OF_RANGE("offset-out-of-range"),
  TOPIC_DELETED("topic-deleted"),
  SLOW("slow"),
  /** Never reached Kafka; trying again is safe. */
  UNAVAILABLE("unavailable"),
  /** The outcome is unknown; trying again may store it twice. */
  TIMEOUT("timeout"),
  INTERNAL("internal");

  private final String word;

  ErrorCode(String word) {
    this.word = word;
  }

  /** The word that clients see. */
  public String word() {
    return word;
  }
}
