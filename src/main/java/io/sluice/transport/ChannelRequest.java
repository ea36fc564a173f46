package io.sluice.transport;

import java.util.List;
import java.util.Map;

/**
 * A request about one channel over plain HTTP: what every answer to it has in common.
 *
 * @param channel the channel's name, decoded; whether there is one is not known
 * @param head the request
 * @param turn its turn
 * @param crossOrigin header fields for the browser of a page that is listed
 * @param transport where it came in
 */
record ChannelRequest(
    String channel,
    RequestHead head,
    Turn turn,
    List<Map.Entry<String, String>> crossOrigin,
    WebSocketTransport transport) {
  void answer(HttpAnswer answer) {
    turn.answer(answer.with(crossOrigin));
  }

  /** Answers what is not done; nothing that follows of the request matters any more. */
  Exchange refuse(HttpAnswer answer) {
    onRefused(answer);
    answer(answer);
    return Exchange.over();
  }

  /** It was refused with {@code answer}: counts and tells it. */
  void onRefused(HttpAnswer answer) {
    transport.onRequestRefused(answer, head);
  }

  TransportCounters counters() {
    return transport.counters();
  }
}
