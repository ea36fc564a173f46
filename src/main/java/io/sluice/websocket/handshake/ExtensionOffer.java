package io.sluice.websocket.handshake;

import java.util.List;

/**
 * One extension that a client offers (RFC 6455 §9.1).
 *
 * @param name a token
 * @param parameters in the order in which they came; a name may come more than once
 */
public record ExtensionOffer(String name, List<Parameter> parameters) {
  public ExtensionOffer {
    parameters = List.copyOf(parameters);
  }

  /**
   * A parameter of an offer.
   *
   * @param name a token
   * @param value a token, its quotes removed; empty where it has none
   */
  public record Parameter(String name, String value) {}
}
