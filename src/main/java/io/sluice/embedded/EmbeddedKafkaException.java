package io.sluice.embedded;

import org.jspecify.annotations.Nullable;

/** The embedded broker cannot run; the message says why, and what to change. */
public final class EmbeddedKafkaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EmbeddedKafkaException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
