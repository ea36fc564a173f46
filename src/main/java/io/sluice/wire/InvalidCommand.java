package io.sluice.wire;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A command that cannot be understood: which field, what was wrong with it, and what is allowed. */
final class InvalidCommand extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final @Nullable String field;

  InvalidCommand(@Nullable String field, String message) {
    super(message, null, false, false);
    this.field = field;
  }

  /** Path of the field, or {@code null} where it is about the message as a whole. */
  @Nullable String field() {
    return field;
  }
}
