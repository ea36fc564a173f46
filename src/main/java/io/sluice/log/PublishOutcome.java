package io.sluice.log;

/** What became of a publish. */
public sealed interface PublishOutcome {
  /** Acknowledged by the log, with {@code acks=all}. */
  record Stored(Partition partition, long offset, long timestamp) implements PublishOutcome {}

  /**
   * Not acknowledged: {@link LogFailure.TimedOut} where it may be stored all the same, else it is
   * not.
   */
  record Failed(LogFailure failure) implements PublishOutcome {}
}
