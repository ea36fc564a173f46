package io.sluice.transport;

import io.sluice.protocol.SubscribeOptions;
import io.sluice.relay.WireFormat;
import io.sluice.wire.ChannelQueries;
import io.sluice.wire.ChannelQuery;

/** Takes requests for event streams. Immutable: any thread. */
record EventStreams(WebSocketTransport transport, SessionFactory sessions) {
  /** Takes over a {@code GET}, or a {@code HEAD}, which wants to know whether one would do. */
  Exchange take(ChannelRequest request) {
    if (!request.head().accepts(EventStream.MEDIA_TYPE)) {
      return request.refuse(
          HttpAnswer.problem(
              406,
              "A channel is read over a WebSocket or as an event stream:"
                  + " ask with Upgrade: websocket or Accept: text/event-stream."));
    }
    return switch (ChannelQueries.readEvents(
        request.head().query(), request.head().first("Last-Event-ID"))) {
      case ChannelQueries.Malformed(String parameter, String message) ->
          request.refuse(HttpAnswer.invalid(parameter, message));
      case ChannelQuery query -> Exchange.atEnd(() -> find(request, query));
    };
  }

  private void find(ChannelRequest request, ChannelQuery query) {
    boolean opens = request.head().method().equals("GET");
    transport
        .lookup()
        .find(
            request.channel(),
            WireFormat.EVENT_STREAM,
            query,
            request.turn().context().channel(),
            access -> {
              if (opens) {
                open(request, access.options());
              } else {
                request.answer(EventStream.head());
              }
            },
            request::refuse);
  }

  private void open(ChannelRequest request, SubscribeOptions options) {
    EventStreamHandler handler =
        new EventStreamHandler(context -> transport.stream(context, sessions, request));
    if (request.turn().leave(handler)) {
      handler.stream().subscribe(request.channel(), options);
    }
  }
}
