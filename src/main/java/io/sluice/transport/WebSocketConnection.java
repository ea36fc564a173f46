package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.sluice.logging.LogKeys;
import io.sluice.protocol.CloseCode;
import io.sluice.relay.Outlet;
import io.sluice.websocket.connection.Connection;
import io.sluice.websocket.connection.ConnectionListener;
import io.sluice.websocket.connection.Ending;
import io.sluice.websocket.connection.Open;
import io.sluice.websocket.frame.MessageExtension;
import io.sluice.websocket.frame.ProtocolViolation;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket: stands between the engine, the {@link Endpoint} behind it and the channel.
 * Event-loop thread only.
 */
final class WebSocketConnection implements ConnectionListener, Peer, SocketOutlet.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);

  private final ChannelHandlerContext ctx;
  private final String id;
  private final TransportSettings settings;
  private final TransportCounters counters;
  private final LoopConnections loop;
  private final ReadingPauses pauses;
  private final StuckSocket socket;
  private final Liveness liveness;
  private final Connection engine;
  private final Outlet outlet;
  private final Endpoint endpoint;

  /** Where this stands in its loop's list. */
  private int place;

  /** The code with which this side closed first; 0 while it has not. */
  private int closedWith;

  /** Bytes of the message that has begun, as far as they are counted. */
  private int inboundBytes;

  private boolean flushScheduled;

  /**
   * @param ctx where this connection's handler stands in its pipeline
   * @param id what it is called in logs and in {@code welcome}
   */
  WebSocketConnection(
      ChannelHandlerContext ctx,
      String id,
      TransportSettings settings,
      TransportCounters counters,
      LoopConnections loop,
      Endpoint.Factory endpoints) {
    this.ctx = ctx;
    this.id = id;
    this.settings = settings;
    this.counters = counters;
    this.loop = loop;
    this.pauses = new ReadingPauses(ctx.channel());
    this.socket = new StuckSocket(ctx.channel());
    this.liveness =
        new Liveness(
            settings.heartbeat().toNanos(), settings.stallTimeout().toNanos(), System.nanoTime());
    this.engine =
        Connection.server(settings.maxMessageBytes(), MessageExtension.NONE, ctx.alloc(), this);
    this.outlet = new SocketOutlet(this, ctx, counters);
    this.endpoint = endpoints.create(this);
  }

  /** The 101 is written: the conversation begins. */
  void open() {
    counters.opened.increment();
    loop.add(this);
    endpoint.onOpen();
  }

  // From the channel.

  /** Bytes from the peer; the buffer is borrowed. */
  void onBytes(ByteBuf bytes) {
    liveness.onInput();
    counters.bytesIn.add(bytes.readableBytes());
    try {
      engine.receive(bytes);
    } catch (RuntimeException mistake) {
      onOurMistake(mistake);
    }
    countInbound();
  }

  /** All that could be read at once has been. */
  void onReadComplete() {
    ctx.flush();
    pauseWhileUnwritable();
  }

  /** The socket has come to take bytes, or not to. */
  void onWritabilityChanged() {
    if (isWritable()) {
      engine.flushPong();
      pauses.remove(ReadingPauses.Reason.OUTBOUND);
    } else {
      pauseWhileUnwritable();
    }
  }

  /** The channel is closed. */
  void onChannelClosed() {
    engine.streamEnded();
    countInbound();
  }

  /** Reading or writing failed. */
  void onChannelFailed(Throwable cause) {
    if (cause instanceof IOException) {
      LOG.atDebug() // the peer is gone: onChannelClosed follows
          .addKeyValue(LogKeys.CONNECTION, id)
          .log("The socket failed: {}", cause.getMessage());
      ctx.close();
    } else {
      onOurMistake(cause);
      countInbound();
    }
  }

  /** Whatever may have begun, gone on with or dropped a message is followed by it. */
  private void countInbound() {
    int now = engine.bufferedBytes();
    if (now != inboundBytes) {
      counters.inboundBytes.add(now - inboundBytes);
      inboundBytes = now;
    }
  }

  private void pauseWhileUnwritable() {
    if (isOpen() && !isWritable()) {
      pauses.add(ReadingPauses.Reason.OUTBOUND);
    }
  }

  // From the engine.

  @Override
  public void onText(ByteBuf utf8) {
    counters.messagesIn.increment();
    endpoint.onText(utf8);
  }

  @Override
  public void onBinary(ByteBuf bytes) {
    counters.messagesIn.increment();
    endpoint.onBinary(bytes);
  }

  @Override
  public void onPing(ByteBuf payload) {}

  @Override
  public void onPong(ByteBuf payload) {}

  @Override
  public void send(ByteBuf frame) {
    counters.bytesOut.add(frame.readableBytes());
    ctx.write(frame, ctx.voidPromise());
    scheduleFlush();
  }

  @Override
  public boolean isWritable() {
    return ctx.channel().isWritable();
  }

  @Override
  public void onEnd(Ending ending) {
    counters.countClosed(closedWith == 0 ? ending.code() : closedWith);
    loop.remove(this);
    if (ending instanceof Ending.Failed(ProtocolViolation violation)) {
      counters.failed.increment();
      LOG.atInfo()
          .addKeyValue(LogKeys.CONNECTION, id)
          .addKeyValue(LogKeys.CODE, violation.closeCode())
          .log("A client broke a rule: {}", violation.sentence());
    } else {
      LOG.atDebug()
          .addKeyValue(LogKeys.CONNECTION, id)
          .addKeyValue(LogKeys.CODE, ending.code())
          .addKeyValue(
              LogKeys.REASON, ending instanceof Ending.Closed closed ? closed.reason() : "")
          .log("A connection ended.");
    }
    endpoint.onGone();
    Departure.begin(ctx);
  }

  // From the endpoint.

  /** What this connection is called in logs and in {@code welcome}. */
  String id() {
    return id;
  }

  /** The connections of the same event loop. */
  LoopConnections loop() {
    return loop;
  }

  Executor eventLoop() {
    return ctx.channel().eventLoop();
  }

  ByteBufAllocator alloc() {
    return ctx.alloc();
  }

  Outlet outlet() {
    return outlet;
  }

  /** Whether messages can still be sent. */
  @Override
  public boolean isOpen() {
    return engine.state() instanceof Open;
  }

  /**
   * Sends a text message; takes over the reference. Dropped where the conversation is no longer
   * open.
   */
  void sendText(ByteBuf utf8) {
    if (engine.state() instanceof Open open) {
      open.sendText(utf8);
    } else {
      utf8.release();
    }
  }

  /**
   * Sends a binary message; takes over the reference. Dropped where the conversation is no longer
   * open.
   */
  void sendBinary(ByteBuf bytes) {
    if (engine.state() instanceof Open open) {
      open.sendBinary(bytes);
    } else {
      bytes.release();
    }
  }

  /**
   * Sends a whole frame; takes over the reference. Dropped where the conversation is no longer
   * open.
   */
  void sendFrame(ByteBuf frame) {
    if (isOpen()) {
      send(frame);
    } else {
      frame.release();
    }
  }

  /** Begins to close; the peer has {@link TransportSettings#closeTimeout} to answer. */
  @Override
  public void close(CloseCode code, String reason) {
    closeWithin(code, reason, settings.closeTimeout());
  }

  @Override
  public void abandon(CloseCode code, String reason) {
    LOG.atInfo()
        .addKeyValue(LogKeys.CONNECTION, id)
        .addKeyValue(LogKeys.CODE, code.number())
        .log("A client is given up: {}", reason);
    closeWithin(code, reason, Departure.LINGER);
  }

  private void closeWithin(CloseCode code, String reason, Duration patience) {
    if (engine.state() instanceof Open open) {
      closedWith = code.number();
      open.close(code.number(), reason);
      countInbound();
      ctx.flush();
      pauses.clear(); // or the peer's answer is not seen
      Departure.closeAfter(ctx.channel(), patience);
    }
  }

  /** Why this socket is not read. */
  ReadingPauses pauses() {
    return pauses;
  }

  @Override
  public void onClear() {
    endpoint.onClear();
  }

  /** Does {@code action} after {@code delay}. */
  void later(Duration delay, Runnable action) {
    ctx.channel().eventLoop().schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
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
    if (!isOpen()) {
      return; // on its way out, which has a timer of its own
    }
    switch (liveness.tick(now, pauses.isReading(), socket.isStuck())) {
      case NOTHING -> {}
      case PING -> {
        if (isWritable() && engine.state() instanceof Open open) {
          open.ping(Unpooled.EMPTY_BUFFER);
        }
      }
      case DEAD -> {
        abandon(CloseCode.GOING_AWAY, "No sign of life for two heartbeats.");
      }
      case STALLED ->
          abandon(
              CloseCode.STALLED,
              "No byte was taken for " + settings.stallTimeout().toSeconds() + " s.");
    }
  }

  @Override
  public void onAvailability(boolean available) {
    if (isOpen()) {
      endpoint.onAvailability(available);
    }
  }

  @Override
  public void onDrain(Duration reconnectAfter) {
    if (isOpen()) {
      endpoint.onDrain(reconnectAfter);
    }
  }

  @Override
  public boolean isBusy() {
    return isOpen() && endpoint.isBusy();
  }

  // The way out.

  private void onOurMistake(Throwable mistake) {
    LOG.atError()
        .addKeyValue(LogKeys.CONNECTION, id)
        .setCause(mistake)
        .log("A connection ends by our mistake, in state {}.", engine.state());
    if (engine.state() instanceof Open open) {
      open.fail(
          new ProtocolViolation(
              CloseCode.INTERNAL_ERROR.number(), "Something failed in the gateway."));
    } else {
      ctx.close();
    }
  }

  private void scheduleFlush() {
    if (!flushScheduled) {
      flushScheduled = true;
      ctx.channel().eventLoop().execute(this::flush);
    }
  }

  private void flush() {
    flushScheduled = false;
    ctx.flush();
  }
}
