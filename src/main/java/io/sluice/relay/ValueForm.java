package io.sluice.relay;

/**
 * How the value of a record is written (the option {@code value}). A format with byte strings
 * writes its own bytes, and knows only {@link #AUTO}.
 */
public enum ValueForm {
  /** As JSON where it is JSON, else as text, else as base64. */
  AUTO,
  /** As text where it is UTF-8, else as base64. */
  TEXT,
  /** As base64. */
  BASE64
}
