package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Partition;
import io.sluice.testing.ManualExecutor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SweepTest {
  private static final int CROWD = 200;

  private final Stage stage = new Stage(Stage.small(), 1);
  private final List<FakeClient> clients = new ArrayList<>();
  private final List<SocketCursors> sockets = new ArrayList<>();

  @BeforeEach
  void gatherACrowd() {
    stage.topic(1);
    for (int i = 0; i < CROWD; i++) {
      FakeSocket socket = stage.socket();
      SocketCursors cursors = stage.open(socket);
      sockets.add(cursors);
      clients.add(
          stage.subscribe(cursors, socket, Stage.request("t", new From.Latest(), Overflow.REPLAY)));
    }
  }

  @Test
  void aPollWakesALoopOnceAndItServesSixtyFourSocketsInATask() {
    ManualExecutor loop = stage.executors.getFirst();
    long wakeUps = stage.relay.counters().wakeUps();
    int before = loop.executed();
    stage.write(0, 10, 5);
    stage.poll();
    assertThat(stage.relay.counters().wakeUps() - wakeUps).isEqualTo(1);
    assertThat(loop.executed() - before).isEqualTo(1 + (CROWD + 63) / 64);
    assertThat(clients).allSatisfy(client -> assertThat(client.records).isEqualTo(5));
  }

  @Test
  void aPollThatBringsNothingWakesNobody() {
    int before = stage.executors.getFirst().executed();
    stage.poll();
    assertThat(stage.executors.getFirst().executed()).isEqualTo(before);
  }

  @Test
  void whoLeavesDuringASweepLetsNobodyBeSkipped() {
    stage.write(0, 10);
    stage.log.poll(10);
    ManualExecutor loop = stage.executors.getFirst();
    loop.runOne();
    loop.runOne();
    assertThat(served()).isEqualTo(64);
    for (int i = 0; i < CROWD; i += 3) {
      if (clients.get(i).records == 0) {
        sockets.get(i).close();
      }
      stage.write(0, 10);
      stage.log.poll(10);
      loop.runOne();
    }
    stage.settle();
    int all = (int) stage.log.head(new Partition("t", 0));
    for (int i = 0; i < CROWD; i++) {
      if (!clients.get(i).subscriber().isEnded()) {
        assertThat(clients.get(i).records).isEqualTo(all);
      }
    }
  }

  @Test
  void aSweepThatDidNotEndGoesOnWhereItStopped() {
    stage.write(0, 10);
    stage.log.poll(10);
    ManualExecutor loop = stage.executors.getFirst();
    loop.runOne();
    loop.runOne();
    stage.write(0, 10);
    stage.log.poll(10);
    for (int i = 0; i < 3; i++) {
      loop.runOne();
    }
    assertThat(served()).isGreaterThanOrEqualTo(128);
  }

  @Test
  void thoseOfOneSocketTakeTurns() {
    FakeSocket socket = stage.socket();
    SocketCursors cursors = stage.open(socket);
    FakeClient first =
        stage.subscribe(cursors, socket, Stage.request("t", new From.Latest(), Overflow.REPLAY));
    FakeClient second =
        stage.subscribe(
            cursors,
            socket,
            new SubscribeRequest(
                Selection.of("t"), Stage.OTHER_FORM, new From.Latest(), Overflow.REPLAY));
    socket.takes(0);
    stage.publish(0, 100, 20);
    stage.settle();
    for (int i = 0; i < 4; i++) {
      socket.takes(1);
      cursors.onClear();
      stage.settle();
    }
    assertThat(first.records).isPositive();
    assertThat(second.records).isPositive();
    assertThat(Math.abs(first.records - second.records)).isLessThanOrEqualTo(2);
  }

  private long served() {
    return clients.stream().filter(client -> client.records > 0).count();
  }
}
