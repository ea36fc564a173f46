package io.sluice.relay;

/** How messages are written. */
public enum WireFormat {
  /** Text messages in JSON, {@code sluice.v1.json}. */
  JSON,
  /** Binary messages in CBOR, {@code sluice.v1.cbor}. */
  CBOR,
  /** One message a record: its value as it is, {@code sluice.v1.raw}. */
  RAW,
  /** Blocks of {@code text/event-stream}, with records in JSON. */
  EVENT_STREAM
}
