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
 * @param counters where refusals are counted
 */
record ChannelRequest(
    String channel,
    RequestHead head,
    Turn turn,
    List<Map.Entry<String, String>> crossOrigin,
    TransportCounters counters) {
  void answer(HttpAnswer answer) {
    turn.answer(answer.with(crossOrigin));
  }

  /** Answers what is not done; nothing that follows of the request matters any more. */
  Exchange refuse(HttpAnswer answer) {
    counters.httpRefused.increment();
    answer(answer);
    return Exchange.over();
  }
}
