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

/** What stands at which address (PROTOCOL §1). Immutable: any thread. */
final class Endpoints {
  private static final String RAW = "sluice.v1.raw";

  private final Map<String, Route> byPath = new HashMap<>();
  private final Route channels;
  private final Route elsewhere;

  Endpoints(WebSocketTransport transport, TransportSettings settings, SessionFactory sessions) {
    OriginPolicy origins = new OriginPolicy(settings.allowedOrigins());
    SubprotocolPolicy rawOrNone = new SubprotocolPolicy(List.of(RAW), UnknownOnly.SELECT_NONE);
    byPath.put(
        "/v1/ws",
        new WebSocketRoute(
            transport,
            handshake(origins, new SubprotocolPolicy(Subprotocol.names(), UnknownOnly.REFUSE)),
            name -> socket -> new MessageEndpoint(socket, Subprotocol.named(name), sessions)));
    if (settings.echoEnabled()) {
      byPath.put(
          "/v1/echo",
          new WebSocketRoute(transport, handshake(origins, rawOrNone), name -> EchoEndpoint::new));
    }
    channels = new ChannelRoute(transport, handshake(origins, rawOrNone), sessions);
    elsewhere =
        (request, turn) -> {
          HttpAnswer answer = HttpAnswer.problem(404, "There is no WebSocket at this path.");
          transport.onUpgradeRefused(answer, request);
          turn.answer(answer.closing());
          return Exchange.over();
        };
  }

  /** Who takes {@code request}; {@code null} where it is not ours. */
  @Nullable Route route(RequestHead request) {
    String path = request.path();
    if (ChannelRoute.isAt(path)) {
      return channels;
    }
    Route named = byPath.get(path);
    return named == null && request.asksForWebSocket() ? elsewhere : named;
  }

  private static Handshake handshake(OriginPolicy origins, SubprotocolPolicy subprotocols) {
    return new Handshake(origins, subprotocols, ExtensionPolicy.NONE);
  }
}
