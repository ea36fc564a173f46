package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.sluice.relay.WireFormat;
import io.sluice.websocket.handshake.Handshake;
import io.sluice.websocket.handshake.UpgradeAnswer;
import io.sluice.wire.ChannelQueries;
import io.sluice.wire.ChannelQuery;
import org.jspecify.annotations.Nullable;

/**
 * A request for a WebSocket in raw mode, from its end to its answer: it has none before the channel
 * was looked up. Event-loop thread only.
 */
final class RawUpgrade implements Exchange {
  private final WebSocketHandler handler = new WebSocketHandler();
  private final String channel;
  private final ChannelQuery query;
  private final RequestHead request;
  private final Turn turn;
  private final WebSocketTransport transport;
  private final SessionFactory sessions;
  private final UpgradeAnswer.Accepted answer;

  private RawUpgrade(
      String channel,
      ChannelQuery query,
      RequestHead request,
      Turn turn,
      WebSocketTransport transport,
      SessionFactory sessions,
      UpgradeAnswer.Accepted answer) {
    this.channel = channel;
    this.query = query;
    this.request = request;
    this.turn = turn;
    this.transport = transport;
    this.sessions = sessions;
    this.answer = answer;
  }

  /**
   * Takes over {@code request}.
   *
   * @param channel {@code null} where the name in the address cannot be read
   */
  static Exchange take(
      @Nullable String channel,
      RequestHead request,
      Turn turn,
      WebSocketTransport transport,
      Handshake handshake,
      SessionFactory sessions) {
    HttpAnswer refusal;
    if (transport.isDraining()) {
      refusal = HttpAnswer.GOING_AWAY;
    } else if (channel == null) {
      refusal = ChannelRoute.BAD_NAME;
    } else {
      switch (handshake.answer(request.upgrade())) {
        case UpgradeAnswer.Refused refused -> refusal = HttpAnswer.of(refused);
        case UpgradeAnswer.Accepted accepted -> {
          switch (ChannelQueries.read(request.query(), ChannelQueries.Use.RAW)) {
            case ChannelQueries.Malformed(String parameter, String message) ->
                refusal = HttpAnswer.invalid(parameter, message);
            case ChannelQuery query -> {
              return new RawUpgrade(channel, query, request, turn, transport, sessions, accepted);
            }
          }
        }
      }
    }
    transport.onUpgradeRefused(refusal, request);
    turn.answer(refusal.closing());
    return Exchange.over();
  }

  @Override
  public void onContent(ByteBuf content) {}

  @Override
  public void onEnd() {
    if (turn.leave(handler)) { // before the look-up: what comes now is no HTTP
      transport
          .lookup()
          .find(
              channel,
              WireFormat.RAW,
              query,
              turn.context().channel(),
              this::onGranted,
              this::refuse);
    }
  }

  @Override
  public void onGone() {}

  private void onGranted(ChannelLookup.Access access) {
    if (handler.isAwaited()) {
      handler.accept(
          answer,
          context ->
              transport.connection(
                  context,
                  socket ->
                      new RawEndpoint(socket, sessions, channel, query.publishKey(), access)));
    }
  }

  private void refuse(HttpAnswer refusal) {
    transport.onUpgradeRefused(refusal, request);
    if (handler.isAwaited()) {
      handler.refuse(refusal);
    }
  }
}
