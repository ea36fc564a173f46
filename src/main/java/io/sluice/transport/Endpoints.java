package io.sluice.transport;

import io.sluice.websocket.handshake.ExtensionPolicy;
import io.sluice.websocket.handshake.Handshake;
import io.sluice.websocket.handshake.OriginPolicy;
import io.sluice.websocket.handshake.SubprotocolPolicy;
import io.sluice.websocket.handshake.SubprotocolPolicy.UnknownOnly;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which paths speak WebSocket, and how (PROTOCOL §1). Immutable: any thread. */
final class Endpoints {
  private static final String JSON = "sluice.v1.json";
  private static final String RAW = "sluice.v1.raw";

  /**
   * One path.
   *
   * @param handshake the rules for its opening handshake
   * @param factory what stands behind it
   */
  record Route(Handshake handshake, Endpoint.Factory factory) {}

  private final Map<String, Route> routes = new HashMap<>();

  Endpoints(TransportSettings settings, SessionFactory sessions) {
    OriginPolicy origins = new OriginPolicy(settings.allowedOrigins());
    routes.put(
        "/v1/ws",
        route(
            origins,
            new SubprotocolPolicy(List.of(JSON), UnknownOnly.REFUSE),
            socket -> new SessionEndpoint(socket, sessions)));
    if (settings.echoEnabled()) {
      routes.put(
          "/v1/echo",
          route(
              origins,
              new SubprotocolPolicy(List.of(RAW), UnknownOnly.SELECT_NONE),
              EchoEndpoint::new));
    }
  }

  /** What stands at {@code path}; {@code null} where nothing speaks WebSocket. */
  @Nullable Route at(String path) {
    return routes.get(path);
  }

  private static Route route(
      OriginPolicy origins, SubprotocolPolicy subprotocols, Endpoint.Factory factory) {
    return new Route(new Handshake(origins, subprotocols, ExtensionPolicy.NONE), factory);
  }
}
