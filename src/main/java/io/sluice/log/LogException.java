package io.sluice.log;

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

  /** What went wrong. */
  public LogFailure failure() {
    return failure;
  }
}
