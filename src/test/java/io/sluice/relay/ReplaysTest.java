package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.ReplayLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplaysTest {
  @Test
  void manyWhoReadTheSameBacklogReadItOnce() {
    Stage stage = new Stage(Stage.small(), 2);
    stage.topic(1);
    stage.write(0, 20, 200);
    List<FakeClient> clients = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      FakeSocket socket = stage.socket();
      FakeClient client = new FakeClient(socket, stage.written);
      stage
          .loops
          .get(i % 2)
          .open(socket, "owner" + i)
          .subscribe(Stage.request("t", new From.Earliest(), Overflow.REPLAY), client);
      clients.add(client);
    }
    stage.settle();
    assertThat(clients).allSatisfy(client -> assertThat(client.records).isEqualTo(200));
    assertThat(stage.log.requests()).extracting(ReplayLog.Request::from).doesNotHaveDuplicates();
    assertThat(stage.relay.counters().replaysShared()).isPositive();
  }

  @Test
  void nothingIsReadForASocketThatTakesNothing() {
    Stage stage = new Stage(Stage.small(), 1);
    stage.topic(1);
    stage.write(0, 20, 100);
    FakeSocket socket = stage.socket();
    socket.takes(0);
    SocketCursors cursors = stage.open(socket);
    FakeClient client =
        stage.subscribe(cursors, socket, Stage.request("t", new From.Earliest(), Overflow.REPLAY));
    assertThat(stage.log.requests()).isEmpty();

    socket.takes(1);
    cursors.onClear();
    stage.settle();

    assertThat(client.records).isPositive().isLessThan(100);
    assertThat(stage.log.requests()).hasSize(1);
  }

  @Test
  void anErrorInAReadReachesItsThreadAndTakesNoReaderAway() {
    Stage stage = new Stage(Stage.settings(8192, 4096, 256, 0), 1, 1);
    stage.topic(1);
    stage.write(0, 20, 10);
    FakeSocket socket = stage.socket();
    FakeClient client = new FakeClient(socket, stage.written);
    stage.open(socket).subscribe(Stage.request("t", new From.Earliest(), Overflow.REPLAY), client);
    stage.failEncoding = new OutOfMemoryError("no direct memory");
    assertThatThrownBy(stage::settle).isInstanceOf(OutOfMemoryError.class);

    stage.failEncoding = null;
    stage.settle();
    stage.pass(Duration.ofMillis(100));
    stage.poll();

    assertThat(client.records).isEqualTo(10);
  }

  @Test
  void anOwnerWithManyReplaysDoesNotHoldUpAnother() {
    Stage stage = new Stage(Stage.settings(8192, 4096, 256, 0), 1, 1);
    for (int i = 0; i < 9; i++) {
      stage.log.create("topic" + i, 1);
      for (int k = 0; k < 50; k++) {
        stage.log.append(new Partition("topic" + i, 0), "x".repeat(50));
      }
    }
    for (int i = 0; i < 9; i++) {
      FakeSocket socket = stage.socket();
      stage
          .loops
          .getFirst()
          .open(socket, i < 8 ? "greedy" : "modest")
          .subscribe(
              Stage.request("topic" + i, new From.Earliest(), Overflow.REPLAY),
              new FakeClient(socket, stage.written));
    }
    for (int i = 0; i < 8; i++) {
      stage.log.reader.runAll();
      stage.log.answers.runAll();
      stage.executors.getFirst().runAll();
    }
    for (int i = 0; i < 4; i++) {
      stage.log.runRead();
      stage.log.reader.runAll();
    }
    assertThat(stage.log.requests())
        .extracting(request -> request.partition().topic())
        .contains("topic8");
  }

  @Test
  void partitionsThatNobodyAnswersForLeaveAReaderToTheOthers() {
    Stage stage = new Stage(Stage.settings(8192, 4096, 256, 0), 1, 2);
    for (String topic : List.of("dead0", "dead1", "alive")) {
      stage.log.create(topic, 1);
      stage.log.append(new Partition(topic, 0), "x");
    }
    replay(stage, "dead0");
    replay(stage, "dead1");
    for (int i = 0; i < 2; i++) {
      stage.log.failNextRead(new LogFailure.Unavailable("no leader"));
      assertThat(stage.log.runRead()).isTrue();
    }
    runTasks(stage);
    stage.pass(Duration.ofSeconds(1));
    stage.log.poll(1000); // the clock: both are due
    runTasks(stage);
    assertThat(stage.log.waitingReads()).isEqualTo(1);
    replay(stage, "alive");
    assertThat(stage.log.requests().getLast().partition().topic()).isEqualTo("alive");

    stage.log.failNextRead(new LogFailure.Unavailable("no leader"));
    assertThat(stage.log.runRead()).isTrue();
    runTasks(stage);
    stage.log.poll(1000);
    runTasks(stage);
    assertThat(stage.log.requests())
        .extracting(request -> request.partition().topic())
        .as("the other one has its turn")
        .containsExactly("dead0", "dead1", "dead0", "alive", "dead1");
  }

  private static void replay(Stage stage, String topic) {
    FakeSocket socket = stage.socket();
    stage
        .open(socket)
        .subscribe(
            Stage.request(topic, new From.Earliest(), Overflow.REPLAY),
            new FakeClient(socket, stage.written));
    runTasks(stage);
  }

  /** Everything but the reads of the log. */
  private static void runTasks(Stage stage) {
    boolean any = true;
    while (any) {
      any =
          stage.log.reader.runAll()
              | stage.log.answers.runAll()
              | stage.executors.getFirst().runAll();
    }
  }

  @Test
  void anOwnerScansNoMoreThanItsBytesASecond() {
    RelaySettings settings =
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
    Stage stage = new Stage(settings, 1);
    stage.topic(1);
    stage.write(0, 96, 100); // about 100 B each
    FakeClient client = stage.subscribe(new From.Earliest(), Overflow.REPLAY);
    int first = client.records;
    assertThat(first).isBetween(8, 20);

    stage.pass(Duration.ofSeconds(1));
    stage.poll();

    assertThat(client.records - first).isBetween(5, 15);
  }
}
