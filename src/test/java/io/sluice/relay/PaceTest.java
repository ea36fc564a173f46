package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.GapReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** At most so many messages a second, each with what has gathered. */
class PaceTest {
  private static final Duration TENTH = Duration.ofMillis(100);

  private final Stage stage = new Stage(Stage.settings(64 * 1024, 32 * 1024, 256, 0), 1);

  @BeforeEach
  void createTopic() {
    stage.topic(2);
  }

  @Test
  void theFirstMessageIsNotDelayedAndTheNextHoldsWhatHasGathered() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY, Stage.rate(10));
    stage.publish(0, 5, 1);
    stage.settle();
    assertThat(client.messages).isEqualTo(1);
    for (int i = 0; i < 9; i++) {
      stage.pass(Duration.ofMillis(10));
      stage.publish(i % 2, 5, 1);
      stage.settle();
    }
    assertThat(client.messages).isEqualTo(1);
    stage.pass(Duration.ofMillis(11));
    stage.settle();
    assertThat(client.messages).isEqualTo(2);
    assertThat(client.records).isEqualTo(10);
  }

  @Test
  void aSecondHoldsAtMostSoManyMessages() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY, Stage.rate(4));
    for (int i = 0; i < 300; i++) {
      stage.publish(0, 5, 1);
      stage.settle();
      stage.pass(Duration.ofMillis(10));
      stage.settle();
    }
    assertThat(client.messages).as("the first at 0 s, the last at 3 s").isEqualTo(13);
    stage.passInSteps(Duration.ofSeconds(1), TENTH);
    assertThat(client.records).isEqualTo(300);
  }

  @Test
  void aMessageHoldsAsMuchAsItMay() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY, Stage.rate(10));
    stage.publish(0, 80, 40); // 92 B as an element: 11 with what stands between them are 1,022 B
    stage.settle();
    stage.passInSteps(Duration.ofSeconds(1), TENTH);
    assertThat(client.records).isEqualTo(40);
    assertThat(client.messages).isEqualTo(4);
    assertThat(client.socket.writes).allMatch(bytes -> bytes <= 1024 + 16);
  }

  @Test
  void aGapWaitsOnlyForTheRecordsBeforeIt() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY, Stage.rate(10));
    stage.publish(0, 5, 1);
    stage.publish(0, 2000, 1);
    stage.settle();
    assertThat(client.heard).endsWith("t-0@0", "gap t-0[1,2) TOO_LARGE");
    stage.publish(0, 5, 1);
    stage.publish(0, 2000, 1);
    stage.settle();
    assertThat(client.heard).endsWith("gap t-0[1,2) TOO_LARGE");
    stage.passInSteps(TENTH, Duration.ofMillis(50));
    assertThat(client.heard).endsWith("t-0@2", "gap t-0[3,4) TOO_LARGE");
  }

  @Test
  void theEndDoesNotWait() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY, Stage.rate(0.01));
    sendOneByOne(3);
    stage.log.delete("t");
    stage.settle();
    assertThat(client.ending).isNotNull();
    assertThat(client.endedAt.of(Stage.partition(0))).hasValue(1);
  }

  /** It has its first message, and 600 records came since, more than its window holds. */
  private static FakeClient whoFallsOut(Stage small, Overflow overflow) {
    small.topic(1);
    FakeClient client = small.subscribe(new From.Latest(), overflow, Stage.rate(10));
    small.publish(0, 5, 1);
    small.settle();
    for (int i = 0; i < 3; i++) {
      small.publish(0, 20, 200);
      small.settle();
    }
    return client;
  }

  @Test
  void whoFallsOutBetweenTwoMessagesSkipsOnceInTimeForTheNext() {
    Stage small = new Stage(Stage.small(), 1);
    FakeClient client = whoFallsOut(small, Overflow.SKIP);
    assertThat(client.gaps).isEmpty();
    small.pass(TENTH.plusMillis(1));
    small.settle();
    assertThat(client.gaps).hasSize(1);
    assertThat(client.gaps.getFirst().reason()).isEqualTo(GapReason.OVERFLOW);
    assertThat(client.messages).isEqualTo(2);
  }

  @Test
  void whoFallsOutBetweenTwoMessagesReplaysAtItsPaceAndIsLiveAgain() {
    Stage small = new Stage(Stage.small(), 1);
    FakeClient client = whoFallsOut(small, Overflow.REPLAY);
    assertThat(client.messages).isEqualTo(1);
    assertThat(small.relay.counters().overflowReplays()).isEqualTo(1);
    int live = client.live;
    small.passInSteps(Duration.ofSeconds(1), TENTH);
    assertThat(client.records).as("still on its way, a message at a time").isLessThan(601);
    small.passInSteps(Duration.ofMinutes(1), TENTH);
    assertThat(client.gaps).isEmpty();
    assertThat(client.records).isEqualTo(601);
    assertThat(client.live).isEqualTo(live + 1);
  }

  @Test
  void whoFallsOutBetweenTwoMessagesAndWantsToEndIsToldWhereAtOnce() {
    Stage small = new Stage(Stage.small(), 1);
    small.topic(1);
    FakeClient client = small.subscribe(new From.Latest(), Overflow.END, Stage.rate(10));
    small.publish(0, 5, 1);
    small.settle();
    small.publish(0, 20, 200);
    small.settle();
    assertThat(client.ending).isEqualTo(new Ending.Slow());
    assertThat(client.endedAt.of(Stage.partition(0))).hasValue(1);
    small.passInSteps(Duration.ofSeconds(1), TENTH);
    assertThat(client.messages).isEqualTo(1);
  }

  @Test
  void aReplayIsPacedTooAndHoldsNoSliceBetweenItsMessages() {
    stage.write(0, 80, 40);
    FakeClient client = stage.subscribe(new From.Earliest(), Overflow.REPLAY, Stage.rate(10));
    assertThat(client.messages).isEqualTo(1);
    assertThat(stage.leaked()).isZero();
    stage.passInSteps(Duration.ofSeconds(2), TENTH);
    stage.poll();
    assertThat(client.records).isEqualTo(40);
    assertThat(client.live).isEqualTo(1);
  }

  @Test
  void rateAndCreditHoldTogether() {
    FakeClient client =
        stage.subscribe(
            new From.Latest(),
            Overflow.REPLAY,
            new Flow(OptionalLong.of(5), OptionalDouble.of(10)));
    stage.publish(0, 5, 20);
    stage.settle();
    stage.passInSteps(Duration.ofSeconds(1), TENTH);
    assertThat(client.records).isEqualTo(5);
    client.grant(7);
    stage.settle();
    assertThat(client.records).isEqualTo(12);
    client.grant(1);
    stage.settle();
    assertThat(client.records).as("not before its pace allows").isEqualTo(12);
    stage.passInSteps(TENTH, TENTH);
    stage.passInSteps(TENTH, TENTH);
    assertThat(client.records).isEqualTo(13);
  }

  @Test
  void manyWhoArePacedHaveOneTimer() {
    List<FakeClient> crowd = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      crowd.add(stage.subscribe(new From.Latest(), Overflow.REPLAY, Stage.rate(1 + i % 7)));
    }
    sendOneByOne(2);
    assertThat(stage.timers.getFirst().waiting()).as("theirs, and the round's").isEqualTo(2);
    for (int i = 0; i < 30; i++) {
      stage.pass(TENTH);
      stage.settle();
      assertThat(stage.timers.getFirst().waiting()).isLessThanOrEqualTo(2);
    }
    assertThat(crowd).allMatch(client -> client.records == 2);
  }

  @Test
  void whoLeavesIsNotWokenAnyMore() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY, Stage.rate(0.001));
    sendOneByOne(2);
    client.subscriber().close();
    stage.settle();
    stage.pass(Duration.ofHours(1));
    stage.settle();
    assertThat(client.records).isEqualTo(1);
    assertThat(stage.timers.getFirst().waiting()).isZero();
  }

  /** The first goes out at once, and what follows has to wait. */
  private void sendOneByOne(int records) {
    for (int i = 0; i < records; i++) {
      stage.publish(0, 5, 1);
      stage.settle();
    }
  }
}
