package io.sluice.transport;

import io.sluice.websocket.handshake.Handshake;
import io.sluice.wire.Percent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/channels/{channel}}: one channel, over a WebSocket in raw mode, as an event stream, or
 * to publish to (PROTOCOL §7, §10). Immutable: any thread.
 */
final class ChannelRoute implements Route {
  private static final String PATH = "/v1/channels";
  private static final String METHODS = "GET, HEAD, POST, OPTIONS";
  private static final String FIELDS = "Content-Type, Last-Event-ID, Cache-Control";

  private final WebSocketTransport transport;
  private final CrossOrigin origins;
  private final Handshake handshake;
  private final EventStreams streams;
  private final SessionFactory sessions;

  /**
   * @param handshake the rules for the upgrade to raw mode
   */
  ChannelRoute(WebSocketTransport transport, Handshake handshake, SessionFactory sessions) {
    this.transport = transport;
    this.origins = new CrossOrigin(handshake.origins());
    this.handshake = handshake;
    this.streams = new EventStreams(transport, sessions);
    this.sessions = sessions;
  }

  /** Whether {@code path} is a channel's, or would be one's if it named one. */
  static boolean isAt(String path) {
    return path.equals(PATH) || path.startsWith(PATH + "/");
  }

  @Override
  public Exchange take(RequestHead request, Turn turn) {
    String channel =
        Percent.decodeText(
            request.path().substring(Math.min(PATH.length() + 1, request.path().length())));
    if (request.asksForWebSocket()) {
      return RawUpgrade.take(channel, request, turn, transport, handshake, sessions);
    }
    ChannelRequest about =
        new ChannelRequest(
            channel == null ? "" : channel, request, turn, origins.headers(request), transport);
    HttpAnswer refusal = refusal(request, channel);
    return refusal == null ? take(about) : about.refuse(refusal);
  }

  private @Nullable HttpAnswer refusal(RequestHead request, @Nullable String channel) {
    HttpAnswer refusal = origins.refusal(request);
    if (refusal != null) {
      return refusal;
    }
    if (channel == null) {
      return BAD_NAME;
    }
    return transport.isDraining() ? HttpAnswer.GOING_AWAY : null;
  }

  private Exchange take(ChannelRequest request) {
    return switch (request.head().method()) {
      case "GET", "HEAD" -> streams.take(request);
      case "POST" -> HttpPublish.take(request, transport, sessions);
      case "OPTIONS" ->
          Exchange.atEnd(
              () -> request.turn().answer(origins.preflight(request.head(), METHODS, FIELDS)));
      default ->
          request.refuse(
              HttpAnswer.problem(405, "A channel knows " + METHODS + ".")
                  .with(List.of(Map.entry("Allow", METHODS))));
    };
  }

  /** The name of a channel that cannot be read. */
  static final HttpAnswer BAD_NAME =
      HttpAnswer.invalid(
          "channel", "The name of the channel is not percent-encoded UTF-8 (RFC 3986 §2.1).");
}
