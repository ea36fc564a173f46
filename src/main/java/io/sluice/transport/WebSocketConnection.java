package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket: stands between the engine, the {@link Endpoint} behind it and the channel.
 * Event-loop thread only.
 */
final class WebSocketConnection implements ConnectionListener {
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

  private boolean flushScheduled;
  private boolean awaitingClear;

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
  }

  /** Reading or writing failed. */
  void onChannelFailed(Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug(
          "connection {}: {}", id, cause.getMessage()); // the peer is gone: onChannelClosed follows
      ctx.close();
    } else {
      onOurMistake(cause);
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
      LOG.info("connection {} failed with {}: {}", id, violation.closeCode(), violation.sentence());
    } else {
      LOG.debug("connection {} {}", id, ending);
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
  boolean isOpen() {
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
  void close(CloseCode code, String reason) {
    closeWithin(code, reason, settings.closeTimeout());
  }

  /** Closes a peer that will hardly answer. */
  void abandon(CloseCode code, String reason) {
    LOG.info("connection {} closed with {}: {}", id, code.number(), reason);
    closeWithin(code, reason, Departure.LINGER);
  }

  private void closeWithin(CloseCode code, String reason, Duration patience) {
    if (engine.state() instanceof Open open) {
      closedWith = code.number();
      open.close(code.number(), reason);
      ctx.flush();
      pauses.clear(); // or the peer's answer is not seen
      Departure.closeAfter(ctx.channel(), patience);
    }
  }

  /** Why this socket is not read. */
  ReadingPauses pauses() {
    return pauses;
  }

  /** Calls {@link Endpoint#onClear} once all that waits for the socket now is written. */
  void tellWhenClear() {
    if (awaitingClear || !ctx.channel().isActive()) {
      return;
    }
    awaitingClear = true;
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(this::onWritten);
  }

  /** In a task of its own: Netty counts a write as pending until its listeners have returned. */
  private void onWritten(Future<?> written) {
    if (written.isSuccess()) {
      ctx.channel().eventLoop().execute(this::lookWhetherClear);
    }
  }

  private void lookWhetherClear() {
    awaitingClear = false;
    if (!isOpen()) {
      return;
    }
    if (outlet.heldBytes() > 0) {
      tellWhenClear();
    } else {
      endpoint.onClear();
    }
  }

  // From the loop's clock and the life of the gateway.

  int place() {
    return place;
  }

  void place(int index) {
    place = index;
  }

  /** Time has passed. */
  void tick(long now) {
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
        LOG.debug("connection {} showed no life for two heartbeats", id);
        abandon(CloseCode.GOING_AWAY, "No sign of life for two heartbeats.");
      }
      case STALLED ->
          abandon(
              CloseCode.STALLED,
              "No byte was taken for " + settings.stallTimeout().toSeconds() + " s.");
    }
  }

  void onAvailability(boolean available) {
    if (isOpen()) {
      endpoint.onAvailability(available);
    }
  }

  void onDrain(Duration reconnectAfter) {
    if (isOpen()) {
      endpoint.onDrain(reconnectAfter);
    }
  }

  boolean isBusy() {
    return isOpen() && endpoint.isBusy();
  }

  // The way out.

  private void onOurMistake(Throwable mistake) {
    LOG.error("connection {} in state {}: our mistake", id, engine.state(), mistake);
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
