package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.LogFailure;
import io.sluice.testing.ManualExecutor;
import io.sluice.testing.ManualTimer;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OverflowTest {
  private static final int MORE_THAN_A_WINDOW = 200;

  private final Stage stage = new Stage(Stage.small(), 1);

  @BeforeEach
  void createTopic() {
    stage.topic(1);
  }

  @Test
  void whoWasBusyGetsAllItMissedInOneWrite() {
    Stage large = new Stage(Stage.settings(1 << 20, 1 << 20, 64 * 1024, 0), 1);
    large.topic(1);
    FakeSocket socket = large.socket();
    SocketCursors cursors = large.open(socket);
    large.subscribe(cursors, socket, Stage.request("t", new From.Latest(), Overflow.REPLAY));
    large.publish(0, 400, 1);
    large.settle();
    socket.takes(0);
    large.publish(0, 10, 20);
    large.settle();
    socket.writes.clear();

    socket.takes(9);
    cursors.onClear();
    large.settle();

    assertThat(socket.writes.size()).isLessThanOrEqualTo(2);
  }

  @Test
  void replayReadsOnFromTheLogAndIsLiveAgain() {
    Blocked blocked = blocked(Overflow.REPLAY);
    stage.publish(0, 20, MORE_THAN_A_WINDOW);
    stage.settle();
    blocked.goOn();
    assertThat(blocked.client.records).isEqualTo(MORE_THAN_A_WINDOW);
    assertThat(blocked.client.gaps).isEmpty();
    assertThat(blocked.client.live).isEqualTo(2);
    assertThat(stage.relay.counters().overflowReplays()).isEqualTo(1);
  }

  @Test
  void skipTellsExactlyWhatIsMissedAndGoesOnInTheMiddle() {
    Blocked blocked = blocked(Overflow.SKIP);
    stage.publish(0, 20, MORE_THAN_A_WINDOW);
    stage.settle();
    assertThat(blocked.client.heard).containsExactly("subscribed", "live");

    blocked.goOn();

    assertThat(blocked.client.gaps).hasSize(1);
    Gap gap = blocked.client.gaps.getFirst();
    assertThat(gap.reason()).isEqualTo(GapReason.OVERFLOW);
    assertThat(gap.from()).isZero();
    assertThat(blocked.client.records).isEqualTo((int) (MORE_THAN_A_WINDOW - gap.to()));
    assertThat(stage.log.requests()).isEmpty();
  }

  @Test
  void aSocketThatStandsIsToldOneGapHoweverOftenItFallsOut() {
    Blocked blocked = blocked(Overflow.SKIP);
    for (int i = 0; i < 5; i++) {
      stage.publish(0, 20, MORE_THAN_A_WINDOW);
      stage.settle();
    }
    blocked.goOn();
    assertThat(blocked.client.gaps).hasSize(1);
  }

  @Test
  void endTellsWhereItStood() {
    Blocked blocked = blocked(Overflow.END);
    stage.publish(0, 20, MORE_THAN_A_WINDOW);
    stage.settle();
    assertThat(blocked.client.ending).isEqualTo(new Ending.Slow());
    assertThat(blocked.client.endedAt.of(Stage.partition(0))).hasValue(0);
    assertThat(stage.relay.counters().subscribers()).isZero();
  }

  @Test
  void recordsThatRetentionTookBeforeTheReplayAreAGap() {
    Blocked blocked = blocked(Overflow.REPLAY);
    stage.publish(0, 20, MORE_THAN_A_WINDOW);
    stage.settle();
    stage.log.deleteBefore(Stage.partition(0), 50);
    blocked.goOn();
    assertThat(blocked.client.gaps)
        .containsExactly(new Gap(Stage.partition(0), 0, 50, GapReason.RETENTION));
    assertThat(blocked.client.records).isEqualTo(MORE_THAN_A_WINDOW - 50);
  }

  @Test
  void aReplayThatFindsNoBrokerIsTriedAgainLater() {
    stage.write(0, 20, 10);
    stage.log.failNextRead(new LogFailure.Unavailable("no broker"));
    FakeClient client = stage.subscribe(new From.Earliest(), Overflow.REPLAY);
    assertThat(client.records).isZero();
    stage.poll();
    assertThat(stage.log.requests()).hasSize(1);

    stage.pass(Duration.ofMillis(150));
    stage.poll();

    assertThat(client.records).isEqualTo(10);
  }

  @Test
  void aReplayThatIsForbiddenEndsWithTheFailure() {
    stage.write(0, 20, 10);
    LogFailure forbidden = new LogFailure.Forbidden("t", "read");
    stage.log.failNextRead(forbidden);
    FakeClient client = stage.subscribe(new From.Earliest(), Overflow.REPLAY);
    assertThat(client.ending).isEqualTo(new Ending.Log(forbidden));
  }

  @Test
  void aRecordThatIsTooLargeIsAGapInItsPlace() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    stage.write(0, 20);
    stage.write(0, 2000);
    stage.write(0, 20);
    stage.poll();
    assertThat(client.heard)
        .containsExactly("subscribed", "live", "t-0@0", "gap t-0[1,2) TOO_LARGE", "t-0@2");
    assertThat(client.gaps.getFirst().size()).isGreaterThanOrEqualTo(2000);
  }

  @Test
  void theLongestStalledSocketIsClosedWhenSocketsHoldMoreThanHalf() {
    Stage tight = new Stage(Stage.settings(2000, 1900, 1000, 0), 2);
    tight.topic(1);
    FakeSocket[] sockets = new FakeSocket[3];
    for (int i = 0; i < 3; i++) {
      sockets[i] = tight.socket();
      sockets[i].takes(i < 2 ? 1 : 2);
      SocketCursors cursors = tight.loops.get(i % 2).open(sockets[i], "somebody");
      tight.subscribe(cursors, sockets[i], Stage.request("t", new From.Latest(), Overflow.REPLAY));
      tight.pass(Duration.ofMillis(1));
    }
    tight.publish(0, 600, 1);
    tight.settle();
    assertThat(sockets[0].stalledBecause).contains("sluice.relay.window-bytes");
    assertThat(sockets[2].stalledBecause).isNull();
  }

  @Test
  void aLoopThatHasEndedDoesNotSaveTheSocketsOfOthers() {
    Stage tight = new Stage(Stage.settings(2000, 1900, 1000, 0), 1);
    tight.topic(1);
    ManualExecutor tasks = new ManualExecutor();
    tight.executors.add(tasks);
    AtomicBoolean ended = new AtomicBoolean();
    LoopRelay ending =
        tight.relay.loop(
            task -> {
              if (ended.get()) {
                throw new RejectedExecutionException();
              }
              tasks.execute(task);
            },
            new ManualTimer(tasks, () -> tight.now)::after);
    stand(tight, ending);
    tight.publish(0, 600, 1);
    tight.settle();
    ended.set(true);
    tight.pass(Duration.ofMillis(1));

    FakeSocket second = stand(tight, tight.loops.getFirst());
    tight.publish(0, 600, 1);
    tight.settle();

    assertThat(second.stalledBecause).contains("sluice.relay.window-bytes");
  }

  private static FakeSocket stand(Stage on, LoopRelay loop) {
    FakeSocket socket = on.socket();
    socket.takes(1);
    SocketCursors cursors = loop.open(socket, "somebody");
    on.subscribe(cursors, socket, Stage.request("t", new From.Latest(), Overflow.REPLAY));
    return socket;
  }

  private Blocked blocked(Overflow overflow) {
    FakeSocket socket = stage.socket();
    SocketCursors cursors = stage.open(socket);
    FakeClient client =
        stage.subscribe(cursors, socket, Stage.request("t", new From.Latest(), overflow));
    socket.takes(0);
    return new Blocked(client, cursors);
  }

  private final class Blocked {
    private final FakeClient client;
    private final SocketCursors cursors;

    Blocked(FakeClient client, SocketCursors cursors) {
      this.client = client;
      this.cursors = cursors;
    }

    void goOn() {
      client.socket.takes(Integer.MAX_VALUE);
      cursors.onClear();
      stage.settle();
    }
  }
}
