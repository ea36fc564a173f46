package io.sluice.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.channel.ChannelRules;
import io.sluice.channel.ChannelSettings;
import io.sluice.channel.Channels;
import io.sluice.relay.WireFormat;
import io.sluice.session.ExistingChannels;
import io.sluice.testing.AvailableKafka;
import io.sluice.testing.FakeLog;
import io.sluice.wire.ChannelQueries;
import io.sluice.wire.ChannelQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that wait for a channel to be found. */
class ChannelLookupTest {
  private final FakeLog log = new FakeLog(1);
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<ChannelLookup.Access> granted = new ArrayList<>();
  private final List<HttpAnswer> refused = new ArrayList<>();
  private boolean draining;

  @BeforeEach
  void create() {
    log.create("t", 1);
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void channelThatIsThereIsGranted() {
    find("t", "", granted::add);
    assertThat(granted).singleElement().extracting(ChannelLookup.Access::reads).isEqualTo(true);
    assertThat(refused).isEmpty();
  }

  @Test
  void clientWhoseLookUpOutlivedTheStartOfADrainIsSentElsewhere() {
    start("t", "", granted::add);
    draining = true;
    settle();
    assertThat(granted).isEmpty();
    assertThat(refused)
        .singleElement()
        .satisfies(answer -> {
          assertThat(answer.status()).isEqualTo(503);
          assertThat(answer.closes()).isTrue();
          assertThat(body(answer)).contains("\"code\":\"unavailable\"");
        });
  }

  @Test
  void mistakeOfOursIsAnsweredAndEndsTheConnection() {
    channel.freezeTime();
    find(
        "t",
        "",
        access -> {
          throw new IllegalStateException("A mistake that the test makes.");
        });
    assertThat(refused)
        .singleElement()
        .satisfies(answer -> {
          assertThat(answer.status()).isEqualTo(500);
          assertThat(answer.closes()).isTrue();
          assertThat(body(answer)).contains("\"code\":\"internal\"").doesNotContain("mistake");
        });
    channel.advanceTimeBy(1, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void whatTheChannelCannotDoIsRefused() {
    find("t", "from=positions:other/0=1", granted::add);
    find("of/ACME", "key=x", granted::add);
    assertThat(granted).isEmpty();
    assertThat(refused).extracting(HttpAnswer::status).containsExactly(400, 400);
    assertThat(body(refused.getFirst())).contains("\"field\":\"from\"");
    assertThat(body(refused.getLast())).contains("\"field\":\"key\"");
  }

  private void find(String name, String query, Consumer<ChannelLookup.Access> then) {
    start(name, query, then);
    settle();
  }

  private void start(String name, String query, Consumer<ChannelLookup.Access> then) {
    Channels channels =
        new Channels(
            List.of(new ChannelSettings("of", "of/{x}", List.of("t"), "{x}", ChannelRules.DEFAULT)),
            true);
    new ChannelLookup(
            new ExistingChannels(channels, log, new AvailableKafka()),
            Duration.ofSeconds(10),
            () -> draining)
        .find(
            name,
            WireFormat.RAW,
            (ChannelQuery) ChannelQueries.read(query, ChannelQueries.Use.RAW),
            channel,
            then,
            refused::add);
  }

  private void settle() {
    log.answers.runAll();
    channel.runPendingTasks();
  }

  private static String body(HttpAnswer answer) {
    ByteBuf out = Unpooled.buffer();
    answer.body().accept(out);
    return out.toString(UTF_8);
  }
}
