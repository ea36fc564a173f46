package io.sluice.relay;

/** How messages are written. */
public enum WireFormat {
  /** Text messages in JSON, {@code sluice.v1.json}. */
  JSON
}
