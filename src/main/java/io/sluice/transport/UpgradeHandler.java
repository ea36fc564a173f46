package io.sluice.transport;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.websocket.handshake.UpgradeAnswer;
import io.sluice.websocket.handshake.UpgradeRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request for a WebSocket into one, inside an HTTP/1.1 pipeline of somebody else's; every
 * other request passes. Event-loop thread only.
 *
 * <p>After a refusal the connection is closed and nothing more of it is read as HTTP: what a client
 * sent behind its upgrade was meant for another protocol, and a proxy may have let it through as
 * such (RFC 9110 §7.8, RFC 9112 §9.6).
 */
final class UpgradeHandler extends ChannelDuplexHandler {
  /**
   * How long a connection may stand between two ordinary requests: the second one's end is awaited
   * so long.
   */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);

  private final WebSocketTransport transport;
  private Stage stage = new Http();

  /** Runs while a whole request is awaited; null otherwise. */
  private @Nullable ScheduledFuture<?> requestTimer;

  private int requestsInFlight;

  UpgradeHandler(WebSocketTransport transport) {
    this.transport = transport;
  }

  /** What becomes of the next message. */
  private sealed interface Stage permits Http, Upgrading, Refused {
    void onMessage(ChannelHandlerContext ctx, Object message);
  }

  /** Requests pass, until one asks for a WebSocket. */
  private final class Http implements Stage {
    @Override
    public void onMessage(ChannelHandlerContext ctx, Object message) {
      if (message instanceof LastHttpContent) {
        stopTimer();
      }
      if (!(message instanceof HttpRequest request)) {
        ctx.fireChannelRead(message);
        return;
      }
      Endpoints.Route route = transport.endpoints().at(path(request));
      // Other protocols that a client merely offers (h2c) are ignored, as a server may (RFC 9110
      // §7.8).
      boolean asksForWebSocket =
          request
              .headers()
              .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
      if (request.decoderResult().isFailure() || route == null && !asksForWebSocket) {
        requestsInFlight++;
        ctx.fireChannelRead(message);
      } else {
        answer(ctx, request, route);
        ReferenceCountUtil.release(message);
      }
    }
  }

  /** Accepted; the request's end is still to come. */
  private final class Upgrading implements Stage {
    private final UpgradeAnswer.Accepted answer;
    private final Endpoints.Route route;

    Upgrading(UpgradeAnswer.Accepted answer, Endpoints.Route route) {
      this.answer = answer;
      this.route = route;
    }

    @Override
    public void onMessage(ChannelHandlerContext ctx, Object message) {
      boolean last = message instanceof LastHttpContent;
      ReferenceCountUtil.release(message);
      if (last) {
        upgrade(ctx, answer, route);
      }
    }
  }

  /**
   * Refused: whatever comes is dropped.
   *
   * @param answer what is to be said once the responses before it are written
   */
  private record Refused(UpgradeAnswer answer) implements Stage {
    @Override
    public void onMessage(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    startTimer(ctx, transport.settings().handshakeTimeout());
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stopTimer();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stopTimer();
    ctx.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    stage.onMessage(ctx, message);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    boolean isInformational = isInformational(message);
    ctx.write(message, promise);
    if (message instanceof LastHttpContent && !isInformational && --requestsInFlight == 0) {
      if (stage instanceof Refused refused) {
        refuse(ctx, refused.answer());
      } else if (requestTimer == null) { // else the request, answered early, has not ended yet
        startTimer(ctx, KEEP_ALIVE);
      }
    }
  }

  private static boolean isInformational(Object message) {
    return message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }

  private void answer(
      ChannelHandlerContext ctx, HttpRequest request, Endpoints.@Nullable Route route) {
    UpgradeAnswer answer = judge(request, route);
    if (answer instanceof UpgradeAnswer.Accepted accepted && route != null) {
      stage = new Upgrading(accepted, route);
    } else {
      stage = new Refused(answer);
      transport.onRefused(answer, request.headers().get(HttpHeaderNames.ORIGIN));
      if (requestsInFlight == 0) {
        refuse(ctx, answer);
      }
    }
  }

  private UpgradeAnswer judge(HttpRequest request, Endpoints.@Nullable Route route) {
    if (route == null) {
      return refusal(404, "There is no WebSocket at this path.");
    }
    if (requestsInFlight > 0) {
      // Its 101 would overtake the response that is still being made. The refusal waits for that.
      return refusal(
          400, "A request for a WebSocket must not be pipelined behind another request.");
    }
    if (transport.isDraining()) {
      return new UpgradeAnswer.Refused(
          503,
          "This instance is going away; another one serves you.",
          List.of(Map.entry("Connection", "close"), Map.entry("Retry-After", "1")));
    }
    return route
        .handshake()
        .answer(
            new UpgradeRequest(
                request.method().name(),
                request.uri(),
                request.protocolVersion().text(),
                () -> request.headers().iteratorAsString()));
  }

  private static UpgradeAnswer.Refused refusal(int status, String detail) {
    return new UpgradeAnswer.Refused(status, detail, List.of(Map.entry("Connection", "close")));
  }

  /**
   * Replaces everything behind TLS by one handler. The codec goes last: leaving, it hands on the
   * bytes that came in the same segment as the request. The answer goes past it, because a
   * response's bytes are nothing it would encode.
   */
  private void upgrade(
      ChannelHandlerContext ctx, UpgradeAnswer.Accepted answer, Endpoints.Route route) {
    ChannelPipeline pipeline = ctx.pipeline();
    ChannelHandlerContext codec = pipeline.context(HttpServerCodec.class);
    WebSocketHandler handler =
        new WebSocketHandler(context -> transport.connection(context, route.factory()));
    pipeline.addLast("sluice-websocket", handler);
    for (Map.Entry<String, ChannelHandler> entry : pipeline.toMap().entrySet()) {
      ChannelHandler other = entry.getValue();
      if (other != handler && other != codec.handler() && !(other instanceof SslHandler)) {
        pipeline.remove(other);
      }
    }
    codec.writeAndFlush(HttpAnswer.of(answer, ctx.alloc()), ctx.channel().voidPromise());
    ctx.channel().config().setAutoRead(true); // the HTTP handlers had asked for each read
    pipeline.remove(codec.handler());
    handler.open();
  }

  private static void refuse(ChannelHandlerContext ctx, UpgradeAnswer answer) {
    ChannelHandlerContext codec = ctx.pipeline().context(HttpServerCodec.class);
    codec.write(HttpAnswer.of(answer, ctx.alloc()), ctx.channel().voidPromise());
    Departure.begin(codec);
  }

  /** Closes the connection unless a whole request comes within {@code patience}. */
  private void startTimer(ChannelHandlerContext ctx, Duration patience) {
    stopTimer();
    requestTimer =
        ctx.executor().schedule(() -> ctx.close(), patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void stopTimer() {
    if (requestTimer != null) {
      requestTimer.cancel(false);
      requestTimer = null;
    }
  }

  private static String path(HttpRequest request) {
    String uri = request.uri();
    int authority = uri.startsWith("/") ? -1 : uri.indexOf("://");
    int start =
        authority < 0 ? 0 : uri.indexOf('/', authority + 3); // absolute-form (RFC 9112 §3.2.2)
    int query = uri.indexOf('?');
    int end = query < 0 ? uri.length() : query;
    return start < 0 || start >= end ? "/" : uri.substring(start, end);
  }
}
