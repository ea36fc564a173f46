package io.sluice.transport;

import io.sluice.relay.LoopRelay;
import io.sluice.session.Client;
import io.sluice.session.Session;

/** Makes the session of a client that has just connected. */
@FunctionalInterface
public interface SessionFactory {
  /** Called on the client's event loop, whose relay {@code relay} is. */
  Session create(Client client, LoopRelay relay);
}
