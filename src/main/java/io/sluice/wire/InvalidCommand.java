package io.sluice.wire;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A command that cannot be understood: which field, what was wrong with it, and what is allowed.
 */
final class InvalidCommand extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private static final int MAX_FIELD_LENGTH = 100;

  private final @Nullable String field;

  /** What was read of the message before it went wrong; null where the message was fine. */
  private final transient @Nullable Fields before;

  InvalidCommand(@Nullable String field, String message) {
    this(field, message, null);
  }

  private InvalidCommand(@Nullable String field, String message, @Nullable Fields before) {
    super(message, null, false, false);
    this.field = field == null ? null : shown(field);
    this.before = before;
  }

  /** The same complaint, about something behind {@code fields}. */
  InvalidCommand after(Fields fields) {
    return new InvalidCommand(field, String.valueOf(getMessage()), fields);
  }

  /** Path of the field, or {@code null} where it is about the message as a whole. */
  @Nullable String field() {
    return field;
  }

  /** Fields of the message that stood before the place where it went wrong. */
  @Nullable Fields before() {
    return before;
  }

  /** A client's own name for something, cut to what a person reads. */
  static String shown(String name) {
    return name.length() <= MAX_FIELD_LENGTH ? name : name.substring(0, MAX_FIELD_LENGTH) + "…";
  }
}
