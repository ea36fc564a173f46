package io.sluice.log;

/** What went wrong with the log, as a value: whoever meets it decides what it means to a client. */
public sealed interface LogFailure {
  /** One sentence for a log line or an operator. Names no payload and no secret. */
  String message();

  /** There is no such topic, or it is one that is never shown. */
  record UnknownTopic(String topic) implements LogFailure {
    @Override
    public String message() {
      return "There is no topic " + topic + ".";
    }
  }

  /** The topic was there and has been deleted. */
  record TopicDeleted(String topic) implements LogFailure {
    @Override
    public String message() {
      return "The topic " + topic + " was deleted.";
    }
  }

  /** The log does not hold the offset that was asked for: it holds {@code [oldest, head]}. */
  record OffsetOutOfRange(Partition partition, long offset, long oldest, long head)
      implements LogFailure {
    @Override
    public String message() {
      return "Offset "
          + offset
          + " of "
          + partition
          + " is outside of ["
          + oldest
          + ", "
          + head
          + "].";
    }
  }

  /** The cluster does not allow it to this gateway. */
  record Forbidden(String resource, String operation) implements LogFailure {
    @Override
    public String message() {
      return "The brokers do not allow " + operation + " on " + resource + ".";
    }
  }

  /** The record is larger than {@code limit} bytes. */
  record TooLarge(long size, long limit) implements LogFailure {
    @Override
    public String message() {
      return "The record has " + size + " bytes; at most " + limit + " are allowed.";
    }
  }

  /**
   * What was asked cannot be done however often it is tried, for example a partition that does not
   * exist.
   */
  record Invalid(String message) implements LogFailure {}

  /** It never reached the brokers; trying again later is safe. */
  record Unavailable(String message) implements LogFailure {}

  /** The outcome is unknown: trying again may store it twice. */
  record TimedOut(String message) implements LogFailure {}

  /** Anything else; the details are in the gateway's log. */
  record Internal(String message) implements LogFailure {}
}
