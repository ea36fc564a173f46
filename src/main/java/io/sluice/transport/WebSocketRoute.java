package io.sluice.transport;

import io.sluice.websocket.handshake.Handshake;
import io.sluice.websocket.handshake.UpgradeAnswer;
import org.jspecify.annotations.Nullable;

/**
 * An address that speaks WebSocket only.
 *
 * @param handshake the rules for its opening handshake
 * @param agreed what stands behind it, by the sub-protocol that was agreed on
 */
record WebSocketRoute(WebSocketTransport transport, Handshake handshake, Agreed agreed)
    implements Route {
  /** What stands behind an address once the sub-protocol is known. */
  @FunctionalInterface
  interface Agreed {
    /** Makes endpoints; {@code subprotocol} is null where none was agreed on. */
    Endpoint.Factory factory(@Nullable String subprotocol);
  }

  @Override
  public Exchange take(RequestHead request, Turn turn) {
    return switch (handshake.answer(request.upgrade())) {
      case UpgradeAnswer.Refused refused -> refuse(HttpAnswer.of(refused), request, turn);
      case UpgradeAnswer.Accepted accepted ->
          Exchange.atEnd(() -> {
            if (transport.isDraining()) {
              refuse(HttpAnswer.GOING_AWAY, request, turn);
              return;
            }
            WebSocketHandler handler = new WebSocketHandler();
            if (turn.leave(handler)) {
              Endpoint.Factory endpoints = agreed.factory(accepted.subprotocol());
              handler.accept(accepted, context -> transport.connection(context, endpoints));
            }
          });
    };
  }

  private Exchange refuse(HttpAnswer answer, RequestHead request, Turn turn) {
    transport.onUpgradeRefused(answer, request);
    turn.answer(answer.closing());
    return Exchange.over();
  }
}
