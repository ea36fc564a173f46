package io.sluice.websocket.handshake;

import java.util.List;

/** Which extensions an endpoint agrees to. */
@FunctionalInterface
public interface ExtensionPolicy {
  /** Declines whatever is offered. */
  ExtensionPolicy NONE = offers -> "";

  /**
   * Chooses among {@code offers}, in the client's order of preference.
   *
   * @return the value of the response's {@code Sec-WebSocket-Extensions}, made of our own words;
   *     empty for none
   */
  String agree(List<ExtensionOffer> offers);
}
