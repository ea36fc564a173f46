package io.sluice.protocol;

/** What a client calls a command, to recognise its reply. */
public sealed interface CommandId {
  /** The most characters that a textual id may have. */
  int MAX_LENGTH = 64;

  /** The largest integer that every JSON reader keeps exactly, 2^53 - 1. */
  long MAX_NUMBER = (1L << 53) - 1;

  /** A string of at most {@link #MAX_LENGTH} characters. */
  record Text(String value) implements CommandId {}

  /** An integer within ±{@link #MAX_NUMBER}. */
  record Number(long value) implements CommandId {}
}
