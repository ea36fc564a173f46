package io.sluice.bench;

/** A run came to nothing, for a reason that belongs into the results. */
final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1;

  BenchException(String message) {
    super(message);
  }
}
