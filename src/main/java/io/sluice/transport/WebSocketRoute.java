package io.sluice.transport;

import io.sluice.websocket.handshake.Handshake;
import io.sluice.websocket.handshake.UpgradeAnswer;

/**
 * An address that speaks WebSocket only.
 *
 * @param handshake the rules for its opening handshake
 * @param endpoints make what stands behind it
 */
record WebSocketRoute(
    WebSocketTransport transport, Handshake handshake, Endpoint.Factory endpoints)
    implements Route {
  @Override
  public Exchange take(RequestHead request, Turn turn) {
    if (transport.isDraining()) {
      transport.onUpgradeRefused(HttpAnswer.GOING_AWAY.status(), request);
      turn.answer(HttpAnswer.GOING_AWAY);
      return Exchange.over();
    }
    return switch (handshake.answer(request.upgrade())) {
      case UpgradeAnswer.Refused refused -> {
        transport.onUpgradeRefused(refused.status(), request);
        turn.answer(HttpAnswer.of(refused));
        yield Exchange.over();
      }
      case UpgradeAnswer.Accepted accepted ->
          Exchange.atEnd(() -> {
            WebSocketHandler handler = new WebSocketHandler();
            if (turn.leave(handler)) {
              handler.accept(accepted, context -> transport.connection(context, endpoints));
            }
          });
    };
  }
}
