package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.Isolation;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.testing.ManualExecutor;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedLifeTest {
  private final Stage stage = new Stage(Stage.small(), 1);

  @BeforeEach
  void createTopic() {
    stage.topic(1);
  }

  @Test
  void anEmptyWindowHoldsNoBuffer() {
    stage.write(0, 10, 5);
    stage.subscribe(new From.Latest(), Overflow.REPLAY);
    stage.poll();
    assertThat(stage.relay.windows(Isolation.READ_COMMITTED).bytes()).isZero();
    assertThat(stage.leaked()).isZero();
  }

  @Test
  void aFeedLingersAndThenEndsWithItsPartitionsAndItsMemory() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    stage.publish(0, 10, 5);
    client.subscriber().close();
    stage.settle();
    stage.pass(Duration.ofSeconds(29));
    stage.poll();
    assertThat(stage.relay.counters().feeds()).isEqualTo(1);

    stage.pass(Duration.ofSeconds(2));
    stage.poll();

    assertThat(stage.relay.counters().feeds()).isZero();
    assertThat(stage.log.isReading(Stage.partition(0))).isFalse();
    assertThat(stage.log.watchers("t")).isZero();
    assertThat(stage.leaked()).isZero();
  }

  @Test
  void whoComesBackWhileAFeedLingersFindsItsWindow() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    client.subscriber().close();
    stage.settle();
    stage.publish(0, 10, 5);
    FakeClient again = stage.subscribe(Stage.at(0), Overflow.REPLAY);
    assertThat(again.records).isEqualTo(5);
    assertThat(stage.log.requests()).isEmpty();
    stage.pass(Duration.ofSeconds(60));
    stage.poll();
    assertThat(again.isSubscribed()).isTrue();
    assertThat(stage.relay.counters().feeds()).isEqualTo(1);
  }

  @Test
  void aDeletedTopicEndsItsSubscribersWithTheirPositions() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    stage.publish(0, 10, 3);
    stage.settle();
    stage.log.delete("t");
    stage.settle();
    assertThat(client.ending).isEqualTo(new Ending.Log(new LogFailure.TopicDeleted("t")));
    assertThat(client.endedAt.of(Stage.partition(0))).hasValue(3);
    assertThat(stage.relay.counters().feeds()).isZero();
    assertThat(stage.leaked()).isZero();
  }

  @Test
  void whoWaitsForASliceOfADeletedTopicHearsThatItWasDeleted() {
    stage.publish(0, 10, 3);
    FakeSocket socket = stage.socket();
    FakeClient replaying = new FakeClient(socket, stage.written);
    stage
        .open(socket)
        .subscribe(Stage.request("t", new From.Earliest(), Overflow.REPLAY), replaying);
    for (int i = 0; i < 4; i++) {
      stage.log.reader.runAll();
      stage.log.answers.runAll();
      stage.executors.getFirst().runAll();
    }
    assertThat(stage.log.waitingReads()).isEqualTo(1);

    stage.log.delete("t");
    stage.settle();

    assertThat(replaying.ending).isEqualTo(new Ending.Log(new LogFailure.TopicDeleted("t")));
    assertThat(stage.leaked()).isZero();
  }

  @Test
  void whoLagsInADeletedTopicIsNotTakenForSlow() {
    FakeSocket socket = stage.socket();
    FakeClient lagging =
        stage.subscribe(
            stage.open(socket), socket, Stage.request("t", new From.Latest(), Overflow.END));
    socket.takes(0);
    stage.publish(0, 10, 3);
    // The loop is told that the window grew, and has not looked when the topic goes.
    stage.log.delete("t");
    stage.log.reader.runAll();
    stage.settle();

    assertThat(lagging.ending).isEqualTo(new Ending.Log(new LogFailure.TopicDeleted("t")));
    assertThat(lagging.endedAt.of(Stage.partition(0))).hasValue(0);
    assertThat(stage.leaked()).isZero();
  }

  @Test
  void aPartitionThatTheReaderGivesUpEndsItsSubscribers() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    LogFailure failure = new LogFailure.Forbidden("t", "read");
    stage.log.breakOff(Stage.partition(0), failure);
    stage.settle();
    assertThat(client.ending).isEqualTo(new Ending.Log(failure));
  }

  @Test
  void aNewPartitionJoinsFromItsFirstRecord() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    stage.log.addPartitions("t", 2);
    stage.write(1, 10, 2);
    stage.settle();
    stage.poll();
    assertThat(client.heard).containsExactly("subscribed", "live", "t-1@0", "t-1@1");
    assertThat(client.subscriber().positions().of(Stage.partition(1))).hasValue(2);
  }

  @Test
  void aTopicMadeAgainIsAGapThenItsFirstRecordAlsoForWhoReplays() {
    stage.publish(0, 10, 3);
    FakeClient live = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    FakeSocket socket = stage.socket();
    FakeClient replaying = new FakeClient(socket, stage.written);
    stage
        .open(socket)
        .subscribe(Stage.request("t", new From.Earliest(), Overflow.REPLAY), replaying);
    for (int i = 0; i < 4; i++) {
      stage.log.reader.runAll();
      stage.log.answers.runAll();
      stage.executors.getFirst().runAll();
    }
    assertThat(stage.log.waitingReads()).isEqualTo(1);

    stage.recreate("t", 1);
    stage.settle();
    stage.write(0, 20, 2);
    stage.poll();

    Gap fromThree = new Gap(Stage.partition(0), 3, Gap.UNKNOWN, GapReason.TOPIC_RECREATED);
    assertThat(live.gaps).containsExactly(fromThree);
    assertThat(live.heard).endsWith("t-0@0", "t-0@1");
    assertThat(replaying.gaps)
        .containsExactly(new Gap(Stage.partition(0), 0, Gap.UNKNOWN, GapReason.TOPIC_RECREATED));
    assertThat(replaying.heard).endsWith("t-0@0", "t-0@1");
    assertThat(live.subscriber().positions().of(Stage.partition(0))).hasValue(2);
    assertThat(replaying.subscriber().positions().of(Stage.partition(0))).hasValue(2);
  }

  @Test
  void whoAsksForASliceOfAFeedThatHasEndedHasNothingRead() {
    stage.publish(0, 10, 3);
    FakeSocket socket = stage.socket();
    FakeClient client = new FakeClient(socket, stage.written);
    stage.open(socket).subscribe(Stage.request("t", new From.Earliest(), Overflow.REPLAY), client);
    ManualExecutor loop = stage.executors.getFirst();
    while (client.subscriber == null) {
      stage.log.reader.runAll();
      stage.log.answers.runAll();
      loop.runOne();
    }
    stage.log.delete("t");
    stage.log.reader.runAll();
    loop.runOne(); // asks, and has not heard yet
    stage.settle();
    assertThat(client.ending).isEqualTo(new Ending.Log(new LogFailure.TopicDeleted("t")));
    assertThat(stage.log.requests()).isEmpty();
  }

  @Test
  void aTopicThatIsMadeAgainVeryOftenEndsItsFeedBeforeItsVectorsGrowWithoutEnd() {
    stage.create("wide", 5_001);
    FakeClient client = stage.subscribe(Selection.of("wide"), new From.Latest());
    stage.recreate("wide", 5_001);
    stage.settle();
    assertThat(client.isSubscribed()).isTrue();
    stage.recreate("wide", 1);
    stage.settle();
    assertThat(client.ending)
        .isInstanceOfSatisfying(
            Ending.Log.class,
            over -> assertThat(over.failure()).isInstanceOf(LogFailure.Unavailable.class));
    assertThat(stage.log.watchers("wide")).isZero();
    assertThat(stage.log.isReading(new Partition("wide", 0))).isFalse();
  }

  @Test
  void aFeedThatCannotFollowItsTopicEndsAndTheOthersFollow() {
    FakeClient one = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    FakeClient other =
        stage.subscribe(
            new SubscribeRequest(
                Selection.of("t"), Stage.OTHER_FORM, new From.Latest(), Overflow.REPLAY));
    stage.failGapsOf = one.subscriber().number();
    stage.recreate("t", 1);
    stage.settle();
    stage.write(0, 10, 2);
    stage.poll();
    assertThat(one.ending)
        .isInstanceOfSatisfying(
            Ending.Log.class,
            over -> assertThat(over.failure()).isInstanceOf(LogFailure.Internal.class));
    assertThat(other.heard).endsWith("gap t-0[0,-1) TOPIC_RECREATED", "t-0@0", "t-0@1");
    assertThat(stage.relay.counters().feeds()).isEqualTo(1);
  }

  @Test
  void aViewGivesBackTheRoomOfABurst() {
    Stage wide = new Stage(Stage.settings(128 * 1024, 64 * 1024, 1024, 0), 1);
    wide.topic(1);
    FakeClient client = wide.subscribe(new From.Latest(), Overflow.REPLAY);
    WindowView view = client.subscriber().view;
    wide.publish(0, 1, 400);
    wide.settle();
    assertThat(view.ringSize()).isEqualTo(512);
    for (int i = 0; i < 200; i++) {
      wide.write(0, 900);
      wide.poll();
    }
    assertThat(view.ringSize()).isLessThanOrEqualTo(256);
    assertThat(client.records).isEqualTo(600);
  }

  @Test
  void aWindowNeverGrowsAboveItsLimit() {
    stage.subscribe(new From.Latest(), Overflow.REPLAY);
    for (int i = 0; i < 300; i++) {
      stage.write(0, i % 100);
      stage.poll();
      assertThat(stage.relay.windows(Isolation.READ_COMMITTED).bytes())
          .isLessThanOrEqualTo(4 * 1024);
    }
    assertThat(stage.relay.counters().evictedBytes()).isPositive();
  }
}
