package io.sluice.protocol;

import org.jspecify.annotations.Nullable;

/** One message from a client, after decoding. */
public sealed interface ClientMessage {
  /**
   * The id that the client gave it; {@code null} where it gave none, or none that could be read.
   */
  @Nullable CommandId id();

  /** A message that is not a command: answered {@code invalid}, and the connection goes on. */
  record Malformed(@Nullable CommandId id, String message, @Nullable String field)
      implements ClientMessage {}

  /** A message that says what the client wants. */
  sealed interface Understood extends ClientMessage permits Command {}
}
