package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.sluice.log.Positions;
import io.sluice.log.TopicId;
import io.sluice.logging.LogKeys;
import io.sluice.protocol.CloseCode;
import io.sluice.protocol.Command;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Event;
import io.sluice.protocol.Failure;
import io.sluice.protocol.SubscribeOptions;
import io.sluice.relay.Outlet;
import io.sluice.relay.WireFormat;
import io.sluice.session.Client;
import io.sluice.session.Session;
import io.sluice.wire.EventBlocks;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event stream (HTML §9.2): a session about one channel, whose records and events leave as
 * blocks. It has the connection to itself, whose end is the stream's: no length and no chunks, so
 * that what a feed has encoded goes to the socket as it is (RFC 9112 §6.3, item 8).
 *
 * <p>Where the client stands is written behind each run of records. A client whose connection is
 * cut between the two gets those records again, and drops them by their offsets.
 *
 * <p>Event-loop thread only.
 */
final class EventStream implements Client, Peer, SocketOutlet.Owner {
  static final String MEDIA_TYPE = "text/event-stream";

  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

  /** A client that lost its stream comes back after about a second, not all in the same moment. */
  private static final long RETRY_FROM_MILLIS = 500;

  private static final long RETRY_TO_MILLIS = 1_500;

  /** Another instance is there already: only those that leave in the same moment are kept apart. */
  private static final long RETRY_TO_DRAINED_MILLIS = 300;

  private final ChannelHandlerContext ctx;
  private final String id;
  private final TransportSettings settings;
  private final TransportCounters counters;
  private final LoopConnections loop;
  private final ChannelRequest request;
  private final StuckSocket socket;
  private final Liveness liveness;
  private final Outlet outlet;
  private final Session session;
  private State state = new Opening();
  private int place;

  EventStream(
      ChannelHandlerContext ctx,
      String id,
      TransportSettings settings,
      TransportCounters counters,
      LoopConnections loop,
      SessionFactory sessions,
      ChannelRequest request) {
    this.ctx = ctx;
    this.id = id;
    this.settings = settings;
    this.counters = counters;
    this.loop = loop;
    this.request = request;
    this.socket = new StuckSocket(ctx.channel());
    this.liveness =
        new Liveness(
            settings.heartbeat().toNanos(), settings.stallTimeout().toNanos(), System.nanoTime());
    this.outlet = new EventOutlet(new SocketOutlet(this, ctx, counters), this::place);
    this.session = sessions.create(this, loop.relay());
  }

  private sealed interface State {}

  /** The request is not answered: whether the subscription is refused decides how. */
  private record Opening() implements State {}

  /**
   * Records flow.
   *
   * @param topicIds identities of the topics when it began
   */
  private record Streaming(long subscription, Map<String, TopicId> topicIds) implements State {}

  /** Nothing is written any more. */
  private record Over() implements State {}

  /** What a stream begins with. */
  static HttpAnswer head() {
    return HttpAnswer.empty(
        200,
        List.of(
            Map.entry("Content-Type", MEDIA_TYPE),
            Map.entry("Cache-Control", "no-store"),
            Map.entry("X-Accel-Buffering", "no"), // nginx and its kin: pass it on as it comes
            HttpAnswer.NO_SNIFFING,
            HttpAnswer.CLOSE));
  }

  /** Asks for the channel; the request is answered when it is clear whether it is there. */
  void subscribe(SubscribeOptions options) {
    loop.add(this);
    ctx.channel().config().setAutoRead(true); // to see the client go
    ctx.executor()
        .schedule(this::onLate, settings.handshakeTimeout().toNanos(), TimeUnit.NANOSECONDS);
    session.onMessage(new Command.Subscribe(null, request.channel(), options));
  }

  private void onLate() {
    if (state instanceof Opening) {
      refuse(
          Failure.of(
              ErrorCode.UNAVAILABLE,
              "Kafka did not say in time where the channel begins and ends."));
    }
  }

  // From the session.

  @Override
  public void send(Event event) {
    switch (state) {
      case Opening() -> {
        if (event instanceof Event.Subscribed subscribed) {
          open(subscribed);
        } else if (event instanceof Event.Refused(_, Failure failure)) {
          refuse(failure);
        } // anything else is told once the stream is open
      }
      case Streaming _ -> sendWithin(event);
      case Over() -> {}
    }
  }

  private void open(Event.Subscribed subscribed) {
    if (!fits(subscribed)) {
      refuse(tooManyPartitions());
      return;
    }
    state = new Streaming(subscribed.subscription(), subscribed.topicIds());
    counters.streamsOpened.increment();
    write(head().with(request.crossOrigin()).bytes(ctx.alloc()));
    write(out -> EventBlocks.retry(random(RETRY_FROM_MILLIS, RETRY_TO_MILLIS), out));
    session.open();
    send(subscribed);
  }

  private boolean fits(Event.Subscribed subscribed) {
    ByteBuf measure = ctx.alloc().buffer();
    try {
      return EventBlocks.id(subscribed.positions(), subscribed.topicIds(), measure);
    } finally {
      measure.release();
    }
  }

  private void sendWithin(Event event) {
    write(out -> EventBlocks.event(event, out));
    switch (event) {
      case Event.Subscribed _, Event.Missing _, Event.Scanned _ -> write(this::place);
      case Event.Draining _ ->
          write(out -> EventBlocks.retry(random(0, RETRY_TO_DRAINED_MILLIS), out));
      case Event.Ended _ -> end();
      case Event.Welcome _,
          Event.Unsubscribed _,
          Event.Published _,
          Event.Pong _,
          Event.Live _,
          Event.Described _,
          Event.Status _,
          Event.Refused _ -> {}
    }
  }

  /** Writes where the client stands. */
  private void place(ByteBuf out) {
    if (!(state instanceof Streaming streaming)) {
      return;
    }
    Positions positions = session.positions(streaming.subscription());
    if (!EventBlocks.id(positions, streaming.topicIds(), out)) {
      // The offsets have grown by a digit: a stream that cannot be resumed is not gone on with.
      ctx.executor()
          .execute(() ->
              send(new Event.Ended(streaming.subscription(), tooManyPartitions(), positions)));
    }
  }

  private static Failure tooManyPartitions() {
    return Failure.of(
        ErrorCode.TOO_MANY,
        "This channel has too many partitions for the id of an event; /v1/ws has no such limit.");
  }

  private void refuse(Failure failure) {
    HttpAnswer answer = HttpAnswer.problem(failure).with(request.crossOrigin()).closing();
    request.onRefused(answer);
    write(answer.bytes(ctx.alloc()));
    end();
  }

  @Override
  public void close(CloseCode code, String reason) {
    end();
  }

  /** Nobody is told: an event stream hears nothing from its client but that it is gone. */
  @Override
  public void pauseReading() {}

  @Override
  public void resumeReading() {}

  @Override
  public String connection() {
    return id;
  }

  @Override
  public Outlet outlet() {
    return outlet;
  }

  @Override
  public WireFormat format() {
    return WireFormat.EVENT_STREAM;
  }

  @Override
  public Executor eventLoop() {
    return ctx.executor();
  }

  // From the channel.

  void onChannelClosed() {
    end();
  }

  void onChannelFailed(Throwable cause) {
    if (cause instanceof IOException) {
      LOG.atDebug() // the peer is gone: onChannelClosed follows
          .addKeyValue(LogKeys.CONNECTION, id)
          .log("The socket failed: {}", cause.getMessage());
    } else {
      LOG.atError()
          .addKeyValue(LogKeys.CONNECTION, id)
          .setCause(cause)
          .log("An event stream ends by our mistake.");
    }
    ctx.close();
  }

  // From the outlet.

  @Override
  public boolean isOpen() {
    return state instanceof Streaming;
  }

  @Override
  public void onClear() {
    session.onClear();
  }

  @Override
  public void abandon(CloseCode code, String reason) {
    LOG.atInfo()
        .addKeyValue(LogKeys.CONNECTION, id)
        .addKeyValue(LogKeys.CODE, code.number())
        .log("A client is given up: {}", reason);
    end();
  }

  // From the loop's clock and the life of the gateway.

  @Override
  public int place() {
    return place;
  }

  @Override
  public void place(int index) {
    place = index;
  }

  @Override
  public void tick(long now) {
    liveness.onInput(); // a client that says nothing is no dead one: it cannot
    switch (liveness.tick(now, true, socket.isStuck())) {
      case NOTHING, DEAD -> {}
      case PING -> {
        if (isOpen() && ctx.channel().isWritable()) {
          write(EventBlocks::comment);
        }
      }
      case STALLED ->
          abandon(
              CloseCode.STALLED,
              "No byte was taken for " + settings.stallTimeout().toSeconds() + " s.");
    }
  }

  @Override
  public void onAvailability(boolean available) {
    session.onAvailability(available);
  }

  /**
   * An event source does not leave by itself, and is back as soon as its stream ends: so the stream
   * goes on until its moment has come.
   */
  @Override
  public void onDrain(Duration reconnectAfter) {
    if (state instanceof Opening) {
      write(HttpAnswer.GOING_AWAY.with(request.crossOrigin()).bytes(ctx.alloc()));
      end();
      return;
    }
    session.drain(reconnectAfter);
    ctx.executor().schedule(this::end, reconnectAfter.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean isBusy() {
    return false;
  }

  // The way out.

  private void end() {
    if (state instanceof Over) {
      return;
    }
    if (state instanceof Streaming) {
      counters.streamsClosed.increment();
    }
    state = new Over();
    loop.remove(this);
    session.close();
    Departure.begin(ctx);
  }

  private void write(Consumer<ByteBuf> blocks) {
    ByteBuf out = ctx.alloc().directBuffer();
    blocks.accept(out);
    write(out);
  }

  private void write(ByteBuf bytes) {
    counters.bytesOut.add(bytes.readableBytes());
    ctx.writeAndFlush(bytes, ctx.voidPromise());
  }

  private static long random(long from, long to) {
    return ThreadLocalRandom.current().nextLong(from, to);
  }
}
