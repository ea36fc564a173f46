package io.sluice.transport;

import io.sluice.protocol.ClientMessage;
import io.sluice.protocol.CloseCode;
import io.sluice.protocol.Command;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Event;
import io.sluice.protocol.Failure;
import io.sluice.relay.Outlet;
import io.sluice.relay.WireFormat;
import io.sluice.session.Session;
import io.sluice.wire.ChannelQueries;
import io.sluice.wire.ChannelQueries.Use;
import io.sluice.wire.ChannelQuery;
import io.sluice.wire.MessageFormat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One publish over HTTP (PROTOCOL §10): a session of one command, which ends with its answer. The
 * next request of the connection waits for that, so publishes of a connection keep their order.
 * Event-loop thread only.
 */
final class HttpPublish extends HttpPeer {
  private static final String JSON = "application/json";

  /** For a body of the largest size at 280 kbit/s. */
  private static final Duration BODY_PATIENCE = Duration.ofSeconds(60);

  private final ChannelRequest request;
  private final WireFormat format;
  private final Session session;
  private boolean answered;

  private HttpPublish(
      ChannelRequest request,
      WireFormat format,
      LoopConnections loop,
      String id,
      SessionFactory sessions) {
    super(loop, id, request.turn().context().executor());
    this.request = request;
    this.format = format;
    this.session = sessions.create(this, loop.relay());
  }

  /** Takes over a {@code POST}. */
  static Exchange take(
      ChannelRequest request, WebSocketTransport transport, SessionFactory sessions) {
    int maxBytes = transport.settings().maxMessageBytes();
    boolean isJson = request.head().mediaType().equals(JSON);
    HttpAnswer refusal = refusal(request.head(), maxBytes);
    if (refusal != null) {
      return request.refuse(refusal);
    }
    return switch (ChannelQueries.read(
        request.head().query(), isJson ? Use.PUBLISH_COMMAND : Use.PUBLISH_VALUE)) {
      case ChannelQueries.Malformed(String parameter, String message) ->
          request.refuse(HttpAnswer.invalid(parameter, message));
      case ChannelQuery query -> {
        request.turn().allow(BODY_PATIENCE);
        if (request.head().first("Expect") != null) {
          request.turn().proceed();
        }
        yield new BodyExchange(
            request.turn().context().alloc(),
            request.counters(),
            maxBytes,
            request::refuse,
            body ->
                new HttpPublish(
                        request,
                        isJson ? WireFormat.JSON : WireFormat.RAW,
                        transport.loop(request.turn().context().channel()),
                        transport.nextId(),
                        sessions)
                    .begin(message(request.channel(), query, isJson, body)));
      }
    };
  }

  private static @Nullable HttpAnswer refusal(RequestHead head, int maxBytes) {
    String expected = head.first("Expect");
    if (expected != null && !expected.equalsIgnoreCase("100-continue")) {
      return HttpAnswer.problem(417, "Nothing but 100-continue may be expected here.");
    }
    String encoding = head.first("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return HttpAnswer.problem(415, "A body is taken as it is: without Content-Encoding.")
          .with(List.of(Map.entry("Accept-Encoding", "identity")));
    }
    String length = head.first("Content-Length"); // a number: the codec has seen to that
    return length != null && Long.parseLong(length) > maxBytes
        ? BodyExchange.tooLarge(maxBytes)
        : null;
  }

  private static ClientMessage message(
      String channel, ChannelQuery query, boolean isJson, byte[] body) {
    return isJson
        ? MessageFormat.JSON.readPublish(channel, body)
        : Command.Publish.ofValue(channel, query.publishKey(), body);
  }

  private void begin(ClientMessage message) {
    loop.add(this);
    session.onMessage(message);
  }

  private void answer(HttpAnswer answer) {
    if (answered) {
      return;
    }
    answered = true;
    loop.remove(this);
    session.close();
    request.answer(answer);
  }

  // From the session.

  @Override
  public void send(Event event) {
    if (event instanceof Event.Published) {
      request.counters().httpPublishes.increment();
      answer(HttpAnswer.json(200, out -> MessageFormat.JSON.write(event, out)));
    } else if (event instanceof Event.Refused(_, Failure failure)) {
      HttpAnswer refusal = HttpAnswer.problem(failure);
      request.onRefused(refusal);
      answer(refusal);
    }
  }

  @Override
  public void close(CloseCode code, String reason) {
    answer(
        HttpAnswer.problem(
                Failure.of(
                    ErrorCode.TIMEOUT,
                    "The connection ends before Kafka has answered: the outcome is unknown."))
            .closing());
  }

  @Override
  public Outlet outlet() {
    return NoOutlet.NONE;
  }

  @Override
  public WireFormat format() {
    return format;
  }

  // From the loop's clock and the life of the gateway.

  /** Every publish has an outcome, sooner than any clock of a connection would say. */
  @Override
  void tick(long now) {}

  @Override
  void onAvailability(boolean available) {}

  @Override
  void onDrain(Duration reconnectAfter) {}

  @Override
  boolean isBusy() {
    return !answered;
  }
}
