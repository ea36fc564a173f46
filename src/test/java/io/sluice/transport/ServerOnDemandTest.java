package io.sluice.transport;

import static io.sluice.transport.HttpText.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * When the handlers of the HTTP server are there, and what is left of a connection's once it is
 * ours.
 */
class ServerOnDemandTest {
  private final Reads reads = new Reads();
  private final List<Throwable> failures = new ArrayList<>();
  private final ChannelInboundHandlerAdapter heir =
      new ChannelInboundHandlerAdapter() {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
          failures.add(cause);
        }
      };
  private final EmbeddedChannel channel =
      new EmbeddedChannel(DefaultChannelId.newInstance(), false, false);
  private int built;
  private final List<Turn> turns = new ArrayList<>();

  /** Counts what the socket is asked for. */
  private static final class Reads extends ChannelOutboundHandlerAdapter {
    int count;

    @Override
    public void read(ChannelHandlerContext ctx) {
      count++;
    }
  }

  /** Puts a codec, and a handler that answers every request, into a pipeline. */
  @ChannelHandler.Sharable
  private final class Server extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel connection) {
      built++;
      connection
          .pipeline()
          .addLast("codec", new HttpServerCodec())
          .addLast(
              "server",
              new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                  if (message instanceof LastHttpContent) {
                    DefaultFullHttpResponse response =
                        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
                    response.headers().set("content-length", 0);
                    ctx.writeAndFlush(response, ctx.voidPromise());
                  }
                  ReferenceCountUtil.release(message);
                }
              });
    }
  }

  @BeforeEach
  void connect() throws Exception {
    ServerOnDemand demand =
        new ServerOnDemand(
            HttpServerCodec::new,
            connection -> new RouteHandler(this::route, Duration.ofSeconds(10)),
            "codec");
    channel.pipeline().addLast("reads", reads).addLast(demand, new Server());
    channel.register();
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private @Nullable Route route(RequestHead request) {
    return switch (request.path()) {
      case "/ours" ->
          (head, turn) -> {
            turns.add(turn);
            return Exchange.over();
          };
      case "/broken" ->
          (head, turn) -> {
            turn.leave(heir);
            throw new IllegalStateException("No memory for the first word.");
          };
      default -> null;
    };
  }

  private void send(String text) {
    HttpText.send(channel, text);
  }

  private String heard() {
    return HttpText.heard(channel);
  }

  @Test
  void aConnectionThatAsksForOursOnlyNeverHasTheServersHandlers() {
    send(get("/ours"));
    assertThat(turns.getFirst().leave(heir)).isTrue();

    assertThat(built).isZero();
    assertThat(channel.pipeline().toMap().values()).containsExactly(heir);
  }

  @Test
  void whatFailsOnceAConnectionIsHandedOnIsTheHeirs() {
    send(get("/broken"));

    assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aConnectionIsClosedIntoWhichTheServerCannotPutItsHandlers() throws Exception {
    EmbeddedChannel broken = new EmbeddedChannel(DefaultChannelId.newInstance(), false, false);
    broken
        .pipeline()
        .addLast(
            new ServerOnDemand(
                HttpServerCodec::new,
                connection -> new RouteHandler(this::route, Duration.ofSeconds(10)),
                "a codec that it does not bring"),
            new Server());
    broken.register();
    HttpText.send(broken, get("/page") + get("/page"));

    assertThat(broken.isActive()).isFalse();
    assertThat(built).isEqualTo(1);
    broken.finishAndReleaseAll();
  }

  @Test
  void whatIsNotOursIsAnsweredByTheServerWithOneCodec() {
    send(get("/page"));
    assertThat(heard()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    send(get("/page"));
    assertThat(heard()).startsWith("HTTP/1.1 200 OK\r\n");

    assertThat(built).isEqualTo(1);
    assertThat(channel.pipeline().names()).startsWith("reads", "http", RouteHandler.NAME, "server");
  }

  @Test
  void aConnectionIsUpgradedBehindARequestOfTheServersToo() {
    send(get("/page") + get("/ours"));
    channel.runPendingTasks();
    assertThat(turns.getFirst().leave(heir)).isTrue();

    assertThat(heard()).containsOnlyOnce("HTTP/1.1 200 OK");
    assertThat(channel.pipeline().toMap().values()).containsExactly(heir);
  }

  @Test
  void theSocketIsReadFromTheStartAndNotWhileARequestOfOursWaitsForItsAnswer() {
    assertThat(channel.config().isAutoRead()).isFalse();
    assertThat(reads.count).isEqualTo(1);
    send("GET /ours HTTP/1.1\r\nHost: x\r\n");
    int asked = reads.count;
    assertThat(asked).isGreaterThan(1);
    send("\r\n");
    assertThat(reads.count).isEqualTo(asked);
  }

  @Test
  void aPeerThatIsGoneBeforeItsFirstRequestIsNoMistakeOfOurs() {
    channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
    assertThat(channel.isOpen()).isFalse();
    channel.checkException();
  }
}
