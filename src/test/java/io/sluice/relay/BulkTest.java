package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Partition;
import io.sluice.testing.ManualExecutor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many sockets that have much to take, and one that is to hear a record now. */
class BulkTest {
  private static final int CROWD = 40;
  private static final int BATCH = 2 * LoopRelay.BULK_BYTES;
  private static final int BACKLOG = 10 * BATCH;
  private static final int RECORD = 512;

  private final Stage stage = new Stage(Stage.settings(16 * BACKLOG, 4 * BACKLOG, BATCH, BATCH), 1);
  private final ManualExecutor loop = stage.executors.getFirst();
  private final List<FakeClient> crowd = new ArrayList<>();
  private final List<FakeSocket> sockets = new ArrayList<>();
  private final List<SocketCursors> cursors = new ArrayList<>();
  private FakeClient calm;

  @BeforeEach
  void letTheCrowdFallBehind() {
    stage.topic(1);
    stage.create("calm", 1);
    for (int i = 0; i < CROWD; i++) {
      FakeSocket socket = stage.socket();
      SocketCursors its = stage.open(socket);
      crowd.add(
          stage.subscribe(its, socket, Stage.request("t", new From.Latest(), Overflow.REPLAY)));
      socket.takes(0);
      sockets.add(socket);
      cursors.add(its);
    }
    calm = stage.subscribe(Stage.request("calm", new From.Latest(), Overflow.REPLAY));
    stage.write(0, RECORD, BACKLOG / RECORD);
    stage.poll();
    sockets.forEach(socket -> socket.takes(Integer.MAX_VALUE));
    cursors.forEach(SocketCursors::onClear);
    loop.runOne();
    assertThat(cursors).allMatch(each -> each.bulk);
  }

  @Test
  void aSocketThatIsClearAgainIsServedInItsTurnAndNotAtOnce() {
    sockets.getFirst().takes(0);
    stage.settle();
    int had = crowd.getFirst().records;
    sockets.getFirst().takes(1);
    cursors.getFirst().onClear();
    assertThat(crowd.getFirst().records).isEqualTo(had);
    stage.settle();
    assertThat(crowd.getFirst().records).isGreaterThan(had);
  }

  @Test
  void aRecordForWhoTakesLittleGoesBeforeTheNextTurnOfThoseWhoTakeMuch() {
    tellCalm();
    long bulk = handedToCrowd();
    loop.runOne(); // the sweep that was waiting
    loop.runOne(); // the wake-up
    loop.runOne(); // the next sweep
    assertThat(calm.records).isEqualTo(1);
    assertThat(handedToCrowd() - bulk).isLessThanOrEqualTo(2L * LoopRelay.BULK_SWEEP * BATCH);
  }

  @Test
  void whoTakesMuchHasHisTurnsHoweverMuchGoesToOthers() {
    for (int i = 0; i < 2 * CROWD; i++) {
      tellCalm();
      loop.runOne();
    }
    assertThat(crowd)
        .allSatisfy(client -> assertThat(client.records).isGreaterThan(BATCH / RECORD));
    stage.settle();
    assertThat(calm.records).isEqualTo(2 * CROWD);
    assertThat(crowd).allSatisfy(client -> assertThat(client.records).isEqualTo(BACKLOG / RECORD));
  }

  @Test
  void thoseWhoTakeMuchAreServedAlike() {
    for (int i = 0; i < 3 * CROWD; i++) {
      loop.runOne();
      int most = crowd.stream().mapToInt(client -> client.records).max().orElseThrow();
      int fewest = crowd.stream().mapToInt(client -> client.records).min().orElseThrow();
      assertThat(most - fewest).isLessThanOrEqualTo(BATCH / RECORD);
    }
  }

  @Test
  void whoHasCaughtUpTakesLittleAgain() {
    stage.settle();
    stage.write(0, RECORD);
    stage.poll(); // a visit in which little is taken
    assertThat(cursors).noneMatch(each -> each.bulk);
  }

  private void tellCalm() {
    stage.write(new Partition("calm", 0), null, 10);
    stage.log.poll(10);
  }

  private long handedToCrowd() {
    return sockets.stream().flatMap(socket -> socket.writes.stream()).mapToLong(each -> each).sum();
  }
}
