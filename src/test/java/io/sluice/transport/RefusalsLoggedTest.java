package io.sluice.transport;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.channel.Channels;
import io.sluice.logging.LogKeys;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Failure;
import io.sluice.relay.Relay;
import io.sluice.relay.RelaySettings;
import io.sluice.session.ExistingChannels;
import io.sluice.testing.AvailableKafka;
import io.sluice.testing.FakeLog;
import io.sluice.websocket.handshake.OriginPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log says of requests that are refused. */
class RefusalsLoggedTest {
  private static final String LISTED = "https://good.example";

  private final FakeLog log = new FakeLog(1);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(WebSocketTransport.class);
  private final WebSocketTransport transport =
      new WebSocketTransport(
          new TransportSettings(
              Duration.ofSeconds(10),
              Duration.ofSeconds(20),
              Duration.ofSeconds(30),
              Duration.ofSeconds(5),
              1024,
              false,
              Set.of(LISTED)),
          "test",
          new Connections(
              new Relay(RelaySettings.defaults(), log.readable(), new FrameEncoders(), () -> 0),
              Duration.ofSeconds(20)),
          (client, relay) -> {
            throw new AssertionError("Nobody connects.");
          },
          new ExistingChannels(Channels.ofTopics(), log, new AvailableKafka()));

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
  }

  @Test
  void pageThatIsNotListedIsWarnedAbout() {
    RequestHead request = request("https://evil.example");
    CrossOrigin origins = new CrossOrigin(new OriginPolicy(Set.of(LISTED)));
    transport.onRequestRefused(Objects.requireNonNull(origins.refusal(request)), request);
    assertThat(lines.list)
        .singleElement()
        .satisfies(line -> {
          assertThat(line.getLevel()).isEqualTo(Level.WARN);
          assertThat(line.getKeyValuePairs())
              .extracting(pair -> pair.key)
              .containsExactly(LogKeys.ORIGIN, LogKeys.STATUS, LogKeys.PATH);
        });
  }

  @Test
  void pageThatIsListedAndForbiddenAChannelIsNoMatterOfOrigins() {
    for (String origin : new String[] {LISTED, "http://gateway.example"}) {
      transport.onRequestRefused(
          HttpAnswer.problem(Failure.of(ErrorCode.FORBIDDEN, "No.", "channel")), request(origin));
    }
    assertThat(lines.list)
        .hasSize(2)
        .allSatisfy(line -> {
          assertThat(line.getLevel()).isEqualTo(Level.INFO);
          assertThat(line.getMessage()).doesNotContain("origin");
        });
  }

  private static RequestHead request(String origin) {
    Map<String, String> headers = Map.of("Host", "gateway.example", "Origin", origin);
    return new RequestHead(
        "POST", "/v1/channels/x", null, "HTTP/1.1", () -> headers.entrySet().iterator());
  }
}
