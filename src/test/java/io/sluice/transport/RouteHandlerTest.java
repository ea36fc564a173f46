package io.sluice.transport;

import static io.sluice.transport.HttpText.get;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests of one connection, each in its turn. */
class RouteHandlerTest {
  private static final String BAD_CHUNK = "zz\r\n";

  private final UnpooledByteBufAllocator bodies = new UnpooledByteBufAllocator(false);
  private final TransportCounters counters = new TransportCounters();
  private final List<Turn> turns = new ArrayList<>();
  private final List<Object> passed = new ArrayList<>();
  private final Reads reads = new Reads();
  private EmbeddedChannel channel;
  private @Nullable String published;

  /** Counts what the handler lets through to the socket. */
  private static final class Reads extends ChannelOutboundHandlerAdapter {
    int count;

    @Override
    public void read(ChannelHandlerContext ctx) {
      count++;
    }
  }

  @BeforeEach
  void connect() {
    channel = new EmbeddedChannel();
    channel.config().setAutoRead(false);
    channel.freezeTime();
    channel
        .pipeline()
        .addLast(
            reads,
            new HttpServerCodec(),
            new RouteHandler(this::route, Duration.ofSeconds(10)),
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext ctx, Object message) {
                passed.add(message);
              }
            });
    reads.count = 0;
  }

  @AfterEach
  void everyBodyIsReleased() {
    channel.finishAndReleaseAll();
    assertThat(bodies.metric().usedHeapMemory()).isZero();
    assertThat(counters.inboundBytes()).isZero();
  }

  private @Nullable Route route(RequestHead request) {
    return switch (request.path()) {
      case "/body" ->
          (head, turn) -> {
            turns.add(turn);
            turn.allow(Duration.ofSeconds(60));
            return new BodyExchange(
                bodies,
                counters,
                100,
                turn::answer,
                body -> published = new String(body, US_ASCII));
          };
      case "/late" ->
          (head, turn) -> {
            turns.add(turn);
            return Exchange.over();
          };
      case "/now" -> (head, turn) -> Exchange.atEnd(() -> turn.answer(ok()));
      default -> null;
    };
  }

  private static HttpAnswer ok() {
    return HttpAnswer.json(200, out -> out.writeByte('1'));
  }

  private void send(String text) {
    HttpText.send(channel, text);
  }

  private static String chunkedPost() {
    return "POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  }

  private String heard() {
    return HttpText.heard(channel);
  }

  private void takesBytes(boolean writable) {
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
    channel.runPendingTasks();
  }

  private void passes(Duration time) {
    channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void bodyIsHandedOnWhole() {
    send(chunkedPost() + "3\r\none\r\n");
    assertThat(counters.inboundBytes()).isEqualTo(3);
    send("3\r\ntwo\r\n0\r\n\r\n");
    assertThat(published).isEqualTo("onetwo");
    assertThat(counters.inboundBytes()).isZero();
  }

  @Test
  void bodyThatIsNotFramedRightIsLetGo() {
    send(chunkedPost() + "3\r\none\r\n");
    send(BAD_CHUNK);
    assertThat(bodies.metric().usedHeapMemory()).isZero();
    assertThat(counters.inboundBytes()).isZero();
    assertThat(heard()).startsWith("HTTP/1.1 400 ").contains("Connection: close");
    assertThat(published).isNull();
  }

  @Test
  void bodyOfAClientThatIsGoneIsLetGo() {
    send(chunkedPost() + "3\r\none\r\n");
    channel.close();
    assertThat(bodies.metric().usedHeapMemory()).isZero();
    assertThat(published).isNull();
  }

  @Test
  void bodyThatIsTooLargeIsLetGo() {
    send(chunkedPost() + "64\r\n" + "x".repeat(100) + "\r\n");
    assertThat(heard()).isEmpty();
    send("1\r\nx\r\n");
    assertThat(heard()).startsWith("HTTP/1.1 413 ");
    assertThat(bodies.metric().usedHeapMemory()).isZero();
  }

  @Test
  void bodyThatIsTooSlowIsLetGo() {
    send(chunkedPost() + "3\r\none\r\n");
    passes(Duration.ofSeconds(59));
    assertThat(channel.isOpen()).isTrue();
    passes(Duration.ofSeconds(1));
    assertThat(channel.isOpen()).isFalse();
    assertThat(bodies.metric().usedHeapMemory()).isZero();
  }

  @Test
  void requestsBehindOneWaitForItsAnswer() {
    send(get("/late") + get("/now"));
    channel.read();
    assertThat(heard()).isEmpty();
    assertThat(reads.count).as("something waits").isZero();
    turns.getFirst().answer(ok());
    assertThat(heard().split("HTTP/1.1 200 ", -1)).hasSize(3);
    assertThat(reads.count).isEqualTo(1);
  }

  @Test
  void nothingIsReadWhileTheSocketTakesNoBytes() {
    takesBytes(false);
    channel.read();
    assertThat(reads.count).isZero();
    takesBytes(true);
    assertThat(reads.count).isEqualTo(1);
    channel.read();
    assertThat(reads.count).isEqualTo(2);
  }

  @Test
  void clientThatReadsNoAnswerIsClosedAfterAMinute() {
    send(get("/now"));
    takesBytes(false);
    passes(Duration.ofSeconds(59));
    assertThat(channel.isOpen()).isTrue();
    passes(Duration.ofSeconds(1));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void whatIsNotOursPasses() {
    send(get("/other"));
    assertThat(passed).hasSize(2);
    assertThat(turns).isEmpty();
  }

  @Test
  void connectionThatNeverAsksIsClosed() {
    passes(Duration.ofSeconds(10));
    assertThat(channel.isOpen()).isFalse();
  }
}
