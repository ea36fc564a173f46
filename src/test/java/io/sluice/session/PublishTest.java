package io.sluice.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.channel.ChannelRules;
import io.sluice.channel.ChannelSettings;
import io.sluice.channel.Channels;
import io.sluice.log.Isolation;
import io.sluice.log.LogFailure;
import io.sluice.log.OutgoingRecord;
import io.sluice.log.Partition;
import io.sluice.log.PublishOutcome;
import io.sluice.protocol.Command;
import io.sluice.protocol.Command.NewRecord;
import io.sluice.protocol.CommandId;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Event;
import io.sluice.protocol.Event.Result;
import io.sluice.protocol.Failure;
import io.sluice.protocol.Format;
import io.sluice.protocol.Mode;
import io.sluice.protocol.SubscribeOptions;
import io.sluice.relay.Relay;
import io.sluice.relay.RelaySettings;
import io.sluice.testing.AvailableKafka;
import io.sluice.testing.FakeLog;
import io.sluice.testing.ManualTimer;
import io.sluice.transport.FrameEncoders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a client's publishes: where they go, and what it is told of them. */
class PublishTest {
  private static final ChannelRules READ_ONLY =
      new ChannelRules(
          false,
          Set.of(Mode.BROADCAST),
          true,
          false,
          Set.of(Format.values()),
          Integer.MAX_VALUE,
          SubscribeOptions.NONE,
          Isolation.READ_COMMITTED);

  private final RecordingClient client = new RecordingClient();
  private final List<OutgoingRecord> sent = new ArrayList<>();
  private final List<Consumer<PublishOutcome>> takers = new ArrayList<>();
  private Session session;

  @BeforeEach
  void open() {
    FakeLog log = new FakeLog(1);
    FrameEncoders encoders = new FrameEncoders();
    Relay relay = new Relay(RelaySettings.defaults(), log.readable(), encoders::encoder, () -> 0);
    log.start(relay.liveListener(Isolation.READ_COMMITTED));
    Channels channels =
        new Channels(
            List.of(
                channel("prices/{symbol}", "prices", "{symbol}", ChannelRules.DEFAULT),
                channel("orders", "orders-eu", null, ChannelRules.DEFAULT),
                channel("board", "board", null, READ_ONLY)),
            false);
    session =
        new Session(
            client,
            relay.loop(client.loop, new ManualTimer(client.loop, () -> 0)::after),
            new Session.Services(
                "test",
                new SessionLimits(1_000, 1_000, 1_000, 10, 100_000, Duration.ofSeconds(30)),
                channels,
                (record, executor, onOutcome) -> {
                  sent.add(record);
                  takers.add(onOutcome);
                },
                log,
                new AvailableKafka()));
  }

  @Test
  void eachGoesToItsOwnChannelWhateverWasPublishedToBefore() {
    for (String channel :
        List.of("orders", "orders", "prices/a", "prices/b", "prices/b", "orders")) {
      publish(1, channel, "v");
    }
    assertThat(sent.stream().map(it -> it.topic() + " " + text(it.key())))
        .containsExactly(
            "orders-eu null",
            "orders-eu null",
            "prices a",
            "prices b",
            "prices b",
            "orders-eu null");
  }

  @Test
  void aChannelThatIsReadOnlyOrUnknownIsRefusedEachTime() {
    for (int i = 0; i < 2; i++) {
      publish(1, "orders", "v");
      publish(2, "board", "v");
      assertThat(refusal()).isEqualTo(ErrorCode.FORBIDDEN);
      publish(3, "nothing", "v");
      assertThat(refusal()).isEqualTo(ErrorCode.UNKNOWN_CHANNEL);
    }
    assertThat(sent).hasSize(2);
  }

  @Test
  void severalRecordsAreAnsweredOnceAllAreKnownInTheOrderOfTheCommand() {
    publish(1, "orders", "a", "b", "c");
    assertThat(sent.stream().map(it -> text(it.value()))).containsExactly("a", "b", "c");
    PublishOutcome.Stored first = stored(5);
    PublishOutcome.Stored last = stored(6);
    takers.get(2).accept(last);
    takers.get(0).accept(first);
    assertThat(client.told).isEmpty();
    takers.get(1).accept(new PublishOutcome.Failed(new LogFailure.TimedOut("late")));
    assertThat(client.last())
        .isEqualTo(
            new Event.Published(
                new CommandId.Number(1),
                List.of(
                    new Result.Stored(first),
                    new Result.Refused(Failure.of(ErrorCode.TIMEOUT, "late")),
                    new Result.Stored(last))));
    assertThat(session.publishesInFlight()).isZero();
  }

  private static PublishOutcome.Stored stored(long offset) {
    return new PublishOutcome.Stored(new Partition("orders-eu", 0), offset, 1);
  }

  private ErrorCode refusal() {
    return ((Event.Refused) client.last()).failure().code();
  }

  private void publish(long id, String channel, String... values) {
    List<NewRecord> records = new ArrayList<>();
    for (String value : values) {
      records.add(
          new NewRecord(null, List.of(), value.getBytes(StandardCharsets.UTF_8), null, null));
    }
    session.onMessage(
        new Command.Publish(new CommandId.Number(id), channel, records, values.length == 1));
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
  }

  private static ChannelSettings channel(
      String name, String topic, @Nullable String key, ChannelRules rules) {
    return new ChannelSettings(name, name, List.of(topic), key, rules);
  }
}
