package io.sluice.transport;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives requests that have a {@link Route} to it, each in its turn, inside an HTTP/1.1 pipeline of
 * somebody else's; every other request passes. Event-loop thread only.
 *
 * <p>A request of ours that came behind another one waits until that is answered, and so does
 * everything behind one of ours: no answer overtakes another. While something waits, or the socket
 * does not take the answers that there are, it is not read.
 *
 * <p>After an answer that closes the connection nothing more of it is read as HTTP: what a client
 * sent behind an upgrade was meant for another protocol, and a proxy may have let it through as
 * such (RFC 9110 §7.8, RFC 9112 §9.6).
 */
final class RouteHandler extends ChannelDuplexHandler {
  /** What it is called in pipelines. */
  static final String NAME = "sluice-routes";

  /**
   * How long a connection may stand between two requests: the second one's end is awaited so long.
   */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);

  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Function<RequestHead, @Nullable Route> routes;
  private final Duration patience;
  private final ArrayDeque<Object> waiting = new ArrayDeque<>(1);
  private Stage stage = new Passing();

  /** Runs while a whole request is awaited; null otherwise. */
  private @Nullable ScheduledFuture<?> requestTimer;

  /** Requests that passed and are not answered. */
  private int passedInFlight;

  /** Whether a handler behind this one has asked for bytes while something waited. */
  private boolean readWanted;

  private boolean resuming;

  /**
   * @param routes who takes a request; null for those that pass
   * @param patience how long a new connection may take to its first whole request
   */
  RouteHandler(Function<RequestHead, @Nullable Route> routes, Duration patience) {
    this.routes = routes;
    this.patience = patience;
  }

  /** What becomes of the next message. */
  private sealed interface Stage permits Passing, Taken, Left {
    /** Whether {@code message} has to wait for an answer to what stands before it. */
    boolean holds(Object message);

    /** Takes over the reference. */
    void onMessage(ChannelHandlerContext ctx, Object message);
  }

  /** Requests pass, until one has a route. */
  private final class Passing implements Stage {
    @Override
    public boolean holds(Object message) {
      return passedInFlight > 0 && message instanceof HttpRequest request && route(request) != null;
    }

    @Override
    public void onMessage(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HttpRequest request) {
        Route route = route(request);
        if (route != null) {
          take(ctx, request, route);
          ReferenceCountUtil.release(message);
          return;
        }
        passedInFlight++;
      }
      if (message instanceof LastHttpContent) {
        stopTimer();
      }
      ctx.fireChannelRead(message);
    }

    /** What the server behind cannot read it shall refuse itself. */
    private @Nullable Route route(HttpRequest request) {
      return request.decoderResult().isFailure() ? null : routes.apply(RequestHead.of(request));
    }
  }

  /** A request has its turn. */
  private final class Taken implements Stage, Turn {
    private final ChannelHandlerContext ctx;
    private final boolean isKept;
    private Exchange exchange = Exchange.over();
    private boolean whole;

    Taken(ChannelHandlerContext ctx, HttpRequest request) {
      this.ctx = ctx;
      this.isKept =
          HttpUtil.isKeepAlive(request) && request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    }

    @Override
    public boolean holds(Object message) {
      return whole;
    }

    @Override
    public void onMessage(ChannelHandlerContext context, Object message) {
      try {
        if (!(message instanceof HttpContent content)) {
          return;
        }
        if (content.decoderResult().isFailure()) {
          exchange.onGone(); // before the answer, which ends the turn
          answer(HttpAnswer.problem(400, "The body is not framed as HTTP/1.1 has it."));
          return;
        }
        exchange.onContent(content.content());
        if (content instanceof LastHttpContent && stage == this) {
          whole = true;
          stopTimer();
          exchange.onEnd();
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    @Override
    public ChannelHandlerContext context() {
      return ctx;
    }

    @Override
    public void allow(Duration time) {
      if (stage == this && !whole) {
        startTimer(ctx, time);
      }
    }

    @Override
    public void proceed() {
      if (stage == this && !whole) {
        // Past the codec, which would take it for the answer.
        codec(ctx).writeAndFlush(ctx.alloc().buffer(CONTINUE.length).writeBytes(CONTINUE));
      }
    }

    @Override
    public void answer(HttpAnswer answer) {
      if (stage != this) {
        return;
      }
      boolean goesOn = whole && isKept && !answer.closes();
      HttpAnswer last = goesOn ? answer : answer.closing();
      ctx.writeAndFlush(last.response(ctx.alloc()), ctx.voidPromise());
      if (goesOn) {
        stage = new Passing();
        startTimer(ctx, KEEP_ALIVE);
        resume(ctx);
      } else {
        end();
        Departure.begin(codec(ctx));
      }
    }

    @Override
    public boolean leave(ChannelHandler heir) {
      if (stage != this) {
        return false;
      }
      end();
      Takeover.by(heir, ctx.pipeline());
      return true;
    }

    private void end() {
      stage = new Left();
      stopTimer();
      releaseWaiting();
    }
  }

  /** HTTP is over here: whatever still comes of it is dropped. */
  private record Left() implements Stage {
    @Override
    public boolean holds(Object message) {
      return false;
    }

    @Override
    public void onMessage(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    startTimer(ctx, patience);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    onGone();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    onGone();
    ctx.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!waiting.isEmpty() || stage.holds(message)) {
      waiting.add(message);
      return;
    }
    try {
      stage.onMessage(ctx, message);
    } catch (RuntimeException | Error e) {
      if (!ctx.isRemoved()) {
        throw e;
      }
      ctx.pipeline().fireExceptionCaught(e); // the connection is the heir's, who stands before this
    }
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    readWanted = true;
    readOn(ctx);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    readOn(ctx);
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    boolean isInformational = isInformational(message);
    ctx.write(message, promise);
    if (message instanceof LastHttpContent && !isInformational && --passedInFlight == 0) {
      if (requestTimer == null) { // else the request, answered early, has not ended yet
        startTimer(ctx, KEEP_ALIVE);
      }
      if (!waiting.isEmpty()) {
        ctx.executor().execute(() -> resume(ctx)); // not from within the writer's call
      }
    }
  }

  private static boolean isInformational(Object message) {
    return message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }

  private void take(ChannelHandlerContext ctx, HttpRequest request, Route route) {
    Taken taken = new Taken(ctx, request);
    stage = taken;
    taken.exchange = route.take(RequestHead.of(request), taken);
  }

  /** Whether nothing more is to be read for now. */
  private boolean isHolding(ChannelHandlerContext ctx) {
    boolean stands = !waiting.isEmpty() || !ctx.channel().isWritable();
    return switch (stage) {
      case Passing _ -> stands;
      case Taken taken -> stands || taken.whole;
      case Left() -> false; // read past, or the end would be a reset
    };
  }

  private void readOn(ChannelHandlerContext ctx) {
    if (readWanted && !isHolding(ctx)) {
      readWanted = false;
      ctx.read();
    }
  }

  /** An answer was given: what waited for it goes on. */
  private void resume(ChannelHandlerContext ctx) {
    if (resuming) {
      return; // further down this stack somebody is at it
    }
    resuming = true;
    boolean any = false;
    for (Object next = waiting.peek(); next != null && !stage.holds(next); next = waiting.peek()) {
      waiting.remove();
      stage.onMessage(ctx, next);
      any = true;
    }
    resuming = false;
    if (any && !(stage instanceof Left)) {
      ctx.fireChannelReadComplete();
    }
    readOn(ctx);
  }

  private void onGone() {
    stopTimer();
    releaseWaiting();
    if (stage instanceof Taken taken) {
      stage = new Left();
      taken.exchange.onGone();
    }
  }

  private void releaseWaiting() {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  private static ChannelHandlerContext codec(ChannelHandlerContext ctx) {
    return ctx.pipeline().context(HttpServerCodec.class);
  }

  /** Closes the connection unless a whole request comes within {@code time}. */
  private void startTimer(ChannelHandlerContext ctx, Duration time) {
    stopTimer();
    requestTimer =
        ctx.executor().schedule(() -> ctx.close(), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void stopTimer() {
    if (requestTimer != null) {
      requestTimer.cancel(false);
      requestTimer = null;
    }
  }
}
