package io.sluice.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Why something was not done, in words a person can act on.
 *
 * @param code which error
 * @param message one sentence that names what was wrong and what is allowed; no payload, no stack
 *     trace
 * @param field the field of the command that was wrong, as a path such as {@code from.positions}
 * @param detail numbers that belong to the code
 */
public record Failure(
    ErrorCode code, String message, @Nullable String field, @Nullable Detail detail) {
  /** A failure that is about no field. */
  public static Failure of(ErrorCode code, String message) {
    return new Failure(code, message, null, null);
  }

  /** A failure that is about one field. */
  public static Failure of(ErrorCode code, String message, String field) {
    return new Failure(code, message, field, null);
  }

  /** What some codes carry beside their sentence. */
  public sealed interface Detail {
    /** {@code duplicate-subscription}: the one that exists. */
    record Existing(long subscription) implements Detail {}

    /**
     * {@code offset-out-of-range}: the partition and the offsets it holds, {@code [oldest, head]}.
     */
    record Range(String topic, int partition, long oldest, long head) implements Detail {}
  }
}
