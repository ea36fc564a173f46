package io.sluice.log;

import java.util.concurrent.CompletionException;

/**
 * Carries a {@link LogFailure} through a {@link java.util.concurrent.CompletionStage}. Has no stack
 * trace of its own.
 */
public final class LogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient LogFailure failure;

  public LogException(LogFailure failure) {
    super(failure.message(), null, false, false);
    this.failure = failure;
  }

  /** What {@code thrown}, by which a stage of a log completed, says. */
  public static LogFailure failureOf(Throwable thrown) {
    Throwable cause = thrown;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof LogException log
        ? log.failure()
        : new LogFailure.Internal("The log failed with " + cause.getClass().getSimpleName() + ".");
  }

  /** What went wrong. */
  public LogFailure failure() {
    return failure;
  }
}
