package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.RecordKey;
import io.sluice.log.TopicPattern;
import io.sluice.testing.ManualExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who hears nothing is told how far its partitions were scanned. */
class PositionRoundsTest {
  private static final Duration ROUND = PositionRounds.EVERY;

  private final Stage stage = new Stage(Stage.small(), 1);

  @BeforeEach
  void createTopic() {
    stage.topic(2);
  }

  @Test
  void whatWasScannedWithoutARecordIsToldOnce() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    stage.log.skip(Stage.partition(0), 7);
    stage.poll();
    round();
    assertThat(positions(client)).as("it was subscribed since the last round").isEmpty();
    round();
    round();
    round();
    assertThat(client.heard).endsWith("position {t-0=7, t-1=0}");
    assertThat(positions(client)).hasSize(1);
    stage.log.skip(Stage.partition(1), 1);
    stage.poll();
    round();
    assertThat(client.heard).endsWith("position {t-0=7, t-1=1}");
    assertThat(positions(client)).hasSize(2);
  }

  @Test
  void whatHasAnotherKeyIsToldAsScanned() {
    Selection mine = new Selection(new Topics.Named(List.of("t")), RecordKey.of("mine"), false);
    FakeClient client =
        stage.subscribe(new SubscribeRequest(mine, Stage.FORM, new From.Latest(), Overflow.REPLAY));
    round();
    ManualExecutor loop = stage.executors.getFirst();
    int before = loop.executed();
    for (int i = 0; i < 20; i++) {
      stage.log.append(Stage.partition(0), "another", "v");
      stage.poll();
    }
    assertThat(loop.executed()).as("nobody is woken for it").isEqualTo(before);
    round();
    assertThat(client.heard).containsExactly("subscribed", "live", "position {t-0=20, t-1=0}");
  }

  @Test
  void aTopicThatLeavesAGlobIsNoNewsOfPositions() {
    stage.log.create("u", 1);
    Selection all = new Selection(new Topics.Matching(TopicPattern.of("*")), null, false);
    FakeClient client =
        stage.subscribe(new SubscribeRequest(all, Stage.FORM, new From.Latest(), Overflow.REPLAY));
    stage.publish(0, 5, 1);
    stage.settle();
    stage.log.delete("u");
    stage.settle();
    for (int i = 0; i < 4; i++) {
      round();
      stage.poll();
    }
    assertThat(client.heard).containsExactly("subscribed", "live", "t-0@0");
  }

  @Test
  void aQuietTopicIsToldNothing() {
    stage.write(0, 5, 3);
    FakeClient latest = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    FakeClient earliest = stage.subscribe(new From.Earliest(), Overflow.REPLAY);
    FakeClient within = stage.subscribe(Stage.at(2, 0), Overflow.REPLAY);
    stage.publish(1, 5, 2);
    stage.settle();
    for (int i = 0; i < 5; i++) {
      round();
    }
    assertThat(List.of(latest, earliest, within)).allMatch(client -> positions(client).isEmpty());
  }

  @Test
  void whoGetsRecordsIsNotToldBesides() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    for (int i = 0; i < 8; i++) {
      stage.write(0, 5);
      stage.log.skip(Stage.partition(0), 1);
      stage.poll();
      stage.pass(ROUND.dividedBy(2));
      stage.settle();
    }
    assertThat(positions(client)).isEmpty();
    round();
    round();
    assertThat(client.heard).endsWith("position {t-0=16, t-1=0}");
  }

  @Test
  void whoHasRecordsToGetIsToldNothing() {
    FakeSocket socket = stage.socket();
    FakeClient busy =
        stage.subscribe(
            stage.open(socket), socket, Stage.request("t", new From.Latest(), Overflow.REPLAY));
    FakeClient waiting = stage.subscribe(new From.Latest(), Overflow.REPLAY, Stage.credit(0));
    stage.write(0, 5);
    stage.log.skip(Stage.partition(0), 5);
    socket.takes(0);
    stage.poll();
    for (int i = 0; i < 4; i++) {
      round();
    }
    assertThat(positions(busy)).isEmpty();
    assertThat(positions(waiting)).isEmpty();
    waiting.grant(1);
    stage.settle();
    round();
    round();
    assertThat(waiting.heard).endsWith("t-0@0", "position {t-0=6, t-1=0}");
  }

  @Test
  void aSocketThatTakesNothingIsToldNothing() {
    FakeSocket socket = stage.socket();
    FakeClient client =
        stage.subscribe(
            stage.open(socket), socket, Stage.request("t", new From.Latest(), Overflow.REPLAY));
    stage.log.skip(Stage.partition(0), 5);
    stage.poll();
    socket.takes(0);
    round();
    round();
    assertThat(positions(client)).isEmpty();
    socket.takes(1);
    round();
    assertThat(positions(client)).hasSize(1);
  }

  @Test
  void aReplayEndsWithThePositionThatItHasScannedTo() {
    stage.write(0, 5, 3);
    stage.log.skip(Stage.partition(0), 4);
    FakeClient client = stage.subscribe(new From.Earliest(), Overflow.REPLAY);
    stage.poll();
    round();
    round();
    assertThat(client.heard).endsWith("t-0@2", "live", "position {t-0=7, t-1=0}");
  }

  /** Cut off every minute, it would begin again each time. */
  @Test
  void whoReplaysForLongWithoutAMatchIsToldHowFarItHasCome() {
    RelaySettings slow =
        new RelaySettings(
            1 << 20,
            1 << 20,
            10,
            Duration.ofSeconds(30),
            256,
            1024,
            1000,
            600,
            0,
            1 << 20,
            1000,
            5);
    Stage slowly = new Stage(slow, 1);
    slowly.topic(1);
    for (int i = 0; i < 500; i++) { // about 50 kB, of which 1 kB is scanned in a second
      slowly.write(Stage.partition(0), i == 320 ? "mine" : "another", 96);
    }
    FakeClient client = slowly.subscribe(Stage.keyed("t", "mine", false), new From.Earliest());
    List<Long> told = new ArrayList<>();
    for (int second = 0; second < 70; second++) {
      slowly.pass(Duration.ofSeconds(1));
      slowly.poll();
      told.add((long) positions(client).size());
    }
    assertThat(told.get(29)).as("in half a minute").isBetween(3L, 6L);
    assertThat(client.records).isEqualTo(1);
    assertThat(client.next).containsEntry(Stage.partition(0), 500L);
    assertThat(client.live).isEqualTo(1);
  }

  @Test
  void aResumedClientIsToldWhatWasScannedBehindItsPosition() {
    stage.write(0, 5, 3);
    stage.log.skip(Stage.partition(0), 4);
    stage.subscribe(new From.Latest(), Overflow.REPLAY);
    FakeClient client = stage.subscribe(Stage.at(3, 0), Overflow.REPLAY);
    stage.poll();
    round();
    round();
    assertThat(client.heard).containsExactly("subscribed", "live", "position {t-0=7, t-1=0}");
  }

  @Test
  void aRoundVisitsSoManySubscribersInATaskAndCostsNoTimerEach() {
    int crowd = 300;
    for (int i = 0; i < crowd; i++) {
      stage.subscribe(new From.Latest(), Overflow.REPLAY);
    }
    assertThat(stage.timers.getFirst().waiting()).isEqualTo(1);
    ManualExecutor loop = stage.executors.getFirst();
    int before = loop.executed();
    stage.pass(ROUND);
    stage.settle();
    assertThat(loop.executed() - before).isEqualTo((crowd + 1) / LoopRelay.SWEEP + 1);
  }

  @Test
  void aLoopWithoutSubscribersGoesNoRounds() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    client.subscriber().close();
    stage.settle();
    round();
    assertThat(stage.timers.getFirst().waiting()).isZero();
    stage.subscribe(new From.Latest(), Overflow.REPLAY);
    assertThat(stage.timers.getFirst().waiting()).isEqualTo(1);
  }

  private void round() {
    stage.pass(ROUND);
    stage.settle();
  }

  private static List<String> positions(FakeClient client) {
    return client.heard.stream().filter(heard -> heard.startsWith("position")).toList();
  }
}
