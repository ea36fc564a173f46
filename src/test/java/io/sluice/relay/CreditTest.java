package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.testing.ManualExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A subscriber with credit is handed so many records, and waits without cost for more. */
class CreditTest {
  private static final int MORE_THAN_A_WINDOW = 200;

  private final Stage stage = new Stage(Stage.small(), 1);

  @BeforeEach
  void createTopic() {
    stage.topic(2);
  }

  @Test
  void noneComesUntilSomeIsGranted() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY, Stage.credit(0));
    stage.write(0, 5, 3);
    stage.poll();
    assertThat(client.heard).containsExactly("subscribed", "live");
    grant(client, 2);
    assertThat(client.heard).containsExactly("subscribed", "live", "t-0@0", "t-0@1");
    grant(client, 2);
    assertThat(client.heard).endsWith("t-0@1", "t-0@2");
  }

  @Test
  void whatIsGrantedAddsUpAndIsKeptWhileNothingComes() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY, Stage.credit(1));
    client.grant(2);
    client.grant(3);
    stage.write(0, 5, 10);
    stage.poll();
    assertThat(client.records).isEqualTo(6);
  }

  @Test
  void creditAddsUpToNoMoreThanCanBeCounted() {
    FakeClient client =
        stage.subscribe(new From.Latest(), Overflow.REPLAY, Stage.credit(Long.MAX_VALUE - 1));
    assertThat(client.subscriber().grant(Long.MAX_VALUE)).isTrue();
    stage.write(0, 5, 10);
    stage.poll();
    assertThat(client.records).isEqualTo(10);
  }

  @Test
  void whoHasNoCreditIsGrantedNone() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    assertThat(client.grant(1)).isFalse();
  }

  @Test
  void aBatchIsCutAndItsRestFollowsAsTheSameBytes() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY, Stage.credit(2));
    stage.write(0, 5, 3);
    stage.write(1, 5, 3);
    stage.poll();
    assertThat(client.heard).endsWith("live", "t-0@0", "t-0@1");
    assertThat(client.subscriber().positions().of(Stage.partition(0))).hasValue(2);
    assertThat(client.subscriber().positions().of(Stage.partition(1))).hasValue(0);
    int encoded = (int) stage.relay.counters().recordsEncoded();

    grant(client, 3);

    assertThat(client.heard).endsWith("t-0@1", "t-0@2", "t-1@0", "t-1@1");
    assertThat(client.messages).isEqualTo(2);
    assertThat(stage.relay.counters().recordsEncoded()).isEqualTo(encoded);
  }

  @Test
  void wholeBatchesGoOutInOneWriteAlsoWithCredit() {
    Stage large = new Stage(Stage.settings(1 << 20, 1 << 20, 64 * 1024, 0), 1);
    large.topic(1);
    FakeClient client = large.subscribe(new From.Latest(), Overflow.REPLAY, Stage.credit(0));
    large.publish(0, 400, 1);
    large.publish(0, 10, 20);
    large.settle();
    client.grant(100);
    large.settle();
    assertThat(client.records).isEqualTo(21);
    assertThat(client.socket.writes.size()).isLessThanOrEqualTo(3);
  }

  @Test
  void aGapNeedsNoCreditAndKeepsItsPlace() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY, Stage.credit(1));
    stage.write(0, 2000);
    stage.write(0, 5);
    stage.write(0, 2000);
    stage.write(0, 5);
    stage.poll();
    assertThat(client.heard)
        .containsExactly(
            "subscribed", "live", "gap t-0[0,1) TOO_LARGE", "t-0@1", "gap t-0[2,3) TOO_LARGE");
    grant(client, 1);
    assertThat(client.heard).endsWith("t-0@3");
  }

  @Test
  void liveIsToldWhenAllIsHandedOverAndNotBefore() {
    stage.write(0, 5, 5);
    FakeClient client = stage.subscribe(new From.Earliest(), Overflow.REPLAY, Stage.credit(4));
    stage.poll();
    assertThat(client.records).isEqualTo(4);
    assertThat(client.live).isZero();
    grant(client, 1);
    assertThat(client.heard).endsWith("t-0@4", "live");
  }

  @Test
  void whoStartsWithoutCreditWhereNothingIsOwedIsLive() {
    FakeClient client = stage.subscribe(new From.Tail(5), Overflow.REPLAY, Stage.credit(0));
    assertThat(client.heard).containsExactly("subscribed", "live");
  }

  @Test
  void withoutCreditNothingIsReadFromTheLog() {
    stage.write(0, 20, 100);
    FakeClient client = stage.subscribe(new From.Earliest(), Overflow.REPLAY, Stage.credit(0));
    stage.poll();
    assertThat(stage.log.requests()).isEmpty();
    grant(client, 1);
    assertThat(stage.log.requests()).hasSize(1);
    stage.poll();
    stage.poll();
    assertThat(stage.log.requests()).hasSize(1);
    assertThat(client.records).isEqualTo(1);
    grant(client, 1);
    assertThat(client.records).isEqualTo(2);
  }

  @Test
  void aSliceIsNotHeldByWhoHasNoCredit() {
    Stage uncached = new Stage(Stage.settings(8 * 1024, 4 * 1024, 256, 0), 1);
    uncached.topic(1);
    uncached.write(0, 20, 100);
    FakeClient client = uncached.subscribe(new From.Earliest(), Overflow.REPLAY, Stage.credit(1));
    assertThat(client.records).isEqualTo(1);
    assertThat(uncached.leaked()).isZero();
    client.grant(1);
    uncached.settle();
    assertThat(client.heard).endsWith("t-0@0", "t-0@1");
  }

  @Test
  void whoFallsOutWithoutCreditReplaysOnceItHasSome() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY, Stage.credit(0));
    stage.publish(0, 20, MORE_THAN_A_WINDOW);
    stage.settle();
    assertThat(stage.relay.counters().overflowReplays()).isEqualTo(1);
    assertThat(stage.log.requests()).isEmpty();
    grant(client, 3);
    assertThat(client.heard).endsWith("live", "t-0@0", "t-0@1", "t-0@2");
    grant(client, MORE_THAN_A_WINDOW);
    assertThat(client.records).isEqualTo(MORE_THAN_A_WINDOW);
    assertThat(client.live).isEqualTo(2);
  }

  @Test
  void whoFallsOutWithoutCreditSkipsOnceItHasSomeWithOneGap() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.SKIP, Stage.credit(0));
    for (int i = 0; i < 3; i++) {
      stage.publish(0, 20, MORE_THAN_A_WINDOW);
      stage.settle();
    }
    assertThat(client.heard).containsExactly("subscribed", "live");
    grant(client, 1);
    assertThat(client.gaps).hasSize(1);
    Gap gap = client.gaps.getFirst();
    assertThat(gap.reason()).isEqualTo(GapReason.OVERFLOW);
    assertThat(client.heard).endsWith("t-0@" + gap.to());
  }

  @Test
  void whoFallsOutWithoutCreditEndsWhereItStood() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.END, Stage.credit(1));
    stage.write(0, 20, 2);
    stage.log.poll(10);
    stage.settle();
    stage.publish(0, 20, MORE_THAN_A_WINDOW);
    stage.settle();
    assertThat(client.ending).isEqualTo(new Ending.Slow());
    assertThat(client.endedAt.of(Stage.partition(0))).hasValue(1);
  }

  @Test
  void aCursorWithoutCreditGetsNoTurns() {
    stage.subscribe(new From.Latest(), Overflow.REPLAY, Stage.credit(0));
    stage.write(0, 5);
    stage.poll();
    ManualExecutor loop = stage.executors.getFirst();
    int before = loop.executed();
    for (int i = 0; i < 10; i++) {
      stage.write(0, 5);
      stage.poll();
    }
    assertThat(loop.executed() - before).as("a wake-up for each poll").isEqualTo(10);
  }

  @Test
  void oneWithoutCreditDoesNotHoldUpTheOthersOfItsSocket() {
    FakeSocket socket = stage.socket();
    SocketCursors cursors = stage.open(socket);
    SubscribeRequest waiting =
        new SubscribeRequest(
            Selection.of("t"),
            Stage.OTHER_FORM,
            new From.Latest(),
            Overflow.REPLAY,
            Stage.credit(0));
    stage.subscribe(cursors, socket, waiting);
    FakeClient other =
        stage.subscribe(cursors, socket, Stage.request("t", new From.Latest(), Overflow.REPLAY));
    stage.write(0, 5, 5);
    stage.poll();
    assertThat(other.records).isEqualTo(5);
  }

  private void grant(FakeClient client, long records) {
    client.grant(records);
    stage.settle();
  }
}
