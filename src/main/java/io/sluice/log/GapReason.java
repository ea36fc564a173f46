package io.sluice.log;

/** Why offsets will not be delivered. */
public enum GapReason {
  /** The subscriber fell out of the retained window and had asked to skip. */
  OVERFLOW("overflow"),
  /** The log no longer holds them. */
  RETENTION("retention"),
  /** The record is larger than the largest that is relayed. */
  TOO_LARGE("too-large"),
  /** The topic was deleted and made again; what followed in the old one is unknown. */
  TOPIC_RECREATED("topic-recreated");

  private final String code;

  GapReason(String code) {
    this.code = code;
  }

  /** The word that clients see. */
  public String code() {
    return code;
  }
}
