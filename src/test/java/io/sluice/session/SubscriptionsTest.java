package io.sluice.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Isolation;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.TopicPattern;
import io.sluice.protocol.Command;
import io.sluice.protocol.CommandId;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Event;
import io.sluice.protocol.StartingPoint;
import io.sluice.protocol.SubscribeOptions;
import io.sluice.protocol.ValueForm;
import io.sluice.relay.Encoder;
import io.sluice.relay.FeedForm;
import io.sluice.relay.Relay;
import io.sluice.relay.RelaySettings;
import io.sluice.relay.Selection;
import io.sluice.relay.Topics;
import io.sluice.relay.WireFormat;
import io.sluice.testing.FakeLog;
import io.sluice.testing.ManualTimer;
import io.sluice.transport.FrameEncoders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client's subscriptions ask of the relay. */
class SubscriptionsTest {
  private static final CommandId ID = new CommandId.Number(7);
  private static final List<String> FIELDS = List.of("total");

  private final FakeLog log = new FakeLog(1);
  private final RecordingClient client = new RecordingClient();
  private final Set<FeedForm> forms = new HashSet<>();
  private final FrameEncoders encoders = new FrameEncoders();
  private final Relay relay =
      new Relay(RelaySettings.defaults(), log.readable(), this::encoder, () -> 0);
  private Subscriptions subscriptions;

  private Encoder encoder(long subscription, FeedForm form) {
    forms.add(form);
    return encoders.encoder(subscription, form);
  }

  @BeforeEach
  void open() {
    log.create("t", 1);
    log.start(relay.liveListener(Isolation.READ_COMMITTED));
    subscriptions =
        new Subscriptions(
            client,
            relay
                .loop(client.loop, new ManualTimer(client.loop, () -> 0)::after)
                .open(client, "me"),
            10);
  }

  @ParameterizedTest
  @EnumSource(
      value = ValueForm.class,
      names = {"TEXT", "BASE64"})
  void aFormOfValuesThatAChannelDefaultsToDoesNotTouchCbor(ValueForm form) {
    client.format = WireFormat.CBOR;
    subscribe(form, FIELDS);
    assertThat(forms)
        .singleElement()
        .isEqualTo(
            new FeedForm(WireFormat.CBOR, io.sluice.relay.ValueForm.AUTO)
                .keeping(FIELDS)
                .limitedTo(1_000));
  }

  @Test
  void defaultsMakeNoFeedOfTheirOwnInRawMode() {
    client.format = WireFormat.RAW;
    subscribe(ValueForm.TEXT, FIELDS);
    assertThat(forms)
        .singleElement()
        .isEqualTo(new FeedForm(WireFormat.RAW, io.sluice.relay.ValueForm.AUTO).limitedTo(1_000));
  }

  @Test
  void jsonHasTheFormThatIsAskedFor() {
    subscribe(ValueForm.TEXT, null);
    assertThat(forms)
        .singleElement()
        .isEqualTo(new FeedForm(WireFormat.JSON, io.sluice.relay.ValueForm.TEXT).limitedTo(1_000));
  }

  @Test
  void eachTopicOfThePositionsIsAskedForOnce() {
    List<String> asked = new ArrayList<>();
    Predicate<String> others = asked::add;
    Map<Partition, Long> positions = new HashMap<>();
    for (int i = 0; i < 1_000; i++) {
      positions.put(new Partition("a", i), 0L);
      positions.put(new Partition("b", i), 0L);
    }
    subscriptions.begin(
        new Command.Subscribe(ID, "**", from(positions)),
        new Selection(
            new Topics.Matching(TopicPattern.of("**"), new TreeSet<>(), others), null, false),
        1_000);
    assertThat(asked).containsExactly("a", "b");
  }

  @Test
  void positionsOfAnotherTopicAreRefused() {
    subscriptions.begin(
        new Command.Subscribe(ID, "t", from(Map.of(new Partition("other", 0), 0L))),
        Selection.of("t"),
        1_000);
    assertThat(client.last())
        .isInstanceOfSatisfying(
            Event.Refused.class,
            it -> {
              assertThat(it.failure().code()).isEqualTo(ErrorCode.INVALID);
              assertThat(it.failure().field()).isEqualTo("from.positions");
            });
  }

  private static SubscribeOptions from(Map<Partition, Long> positions) {
    return SubscribeOptions.NONE.startingAt(
        new StartingPoint.At(new Positions(positions), Map.of()));
  }

  private void subscribe(ValueForm form, @Nullable List<String> fields) {
    subscriptions.begin(
        new Command.Subscribe(
            ID, "t", new SubscribeOptions(null, null, form, null, fields, null, null)),
        Selection.of("t"),
        1_000);
    while (log.reader.runAll() | log.answers.runAll() | client.loop.runAll()) {
      continue;
    }
    assertThat(client.told).first().isInstanceOf(Event.Subscribed.class);
  }
}
