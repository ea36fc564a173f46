package io.sluice.websocket.frame;

/**
 * Which end of the connection this side is: only the client masks what it sends (RFC 6455 §5.1).
 */
public enum Role {
  /** Reads masked frames, writes unmasked ones. */
  SERVER,
  /** Reads unmasked frames, writes masked ones. */
  CLIENT
}
