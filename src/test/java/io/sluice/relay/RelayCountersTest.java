package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.GapReason;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is counted of what subscribers get. */
class RelayCountersTest {
  private static final int MORE_THAN_A_WINDOW = 200;

  private final Stage stage = new Stage(Stage.small(), 2);
  private final RelayCounters counters = stage.relay.counters();

  @BeforeEach
  void createTopic() {
    stage.topic(1);
  }

  @Test
  void aRecordIsDeliveredOnceForEachSocket() {
    for (int i = 0; i < 3; i++) {
      stage.subscribe(new From.Latest(), Overflow.REPLAY);
    }
    stage.write(0, 20, 30);
    stage.poll();
    assertThat(counters.recordsEncoded()).isEqualTo(30);
    assertThat(counters.recordsHandedOver()).isEqualTo(90);
  }

  @Test
  void replayedAndCutRecordsAreDeliveredToo() {
    stage.subscribe(new From.Latest(), Overflow.REPLAY);
    stage.write(0, 20, 5);
    stage.poll(); // one frame, which the second subscriber gets cut
    FakeClient second = stage.subscribe(Stage.at(3), Overflow.REPLAY);
    assertThat(second.records).isEqualTo(2);
    assertThat(counters.recordsHandedOver()).isEqualTo(5 + 2);

    stage.publish(0, 20, MORE_THAN_A_WINDOW);
    stage.settle();
    long before = counters.recordsHandedOver();
    FakeClient third = stage.subscribe(new From.Earliest(), Overflow.REPLAY);
    assertThat(third.records).isEqualTo(5 + MORE_THAN_A_WINDOW);
    assertThat(counters.recordsHandedOver() - before).isEqualTo(5 + MORE_THAN_A_WINDOW);
  }

  @Test
  void whoReplaysIsBehindUntilItIsLive() {
    FakeSocket socket = stage.socket();
    SocketCursors cursors = stage.open(socket);
    stage.subscribe(cursors, socket, Stage.request("t", new From.Latest(), Overflow.REPLAY));
    assertThat(counters.subscribersBehind()).isZero();

    socket.takes(0);
    stage.publish(0, 20, MORE_THAN_A_WINDOW);
    stage.settle();
    assertThat(counters.subscribersBehind()).isEqualTo(1);

    socket.takes(Integer.MAX_VALUE);
    cursors.onClear();
    stage.settle();
    assertThat(counters.subscribersBehind()).isZero();
  }

  @Test
  void whoLeavesIsNotBehindAnyMore() {
    stage.write(0, 20, 100);
    FakeSocket socket = stage.socket();
    socket.takes(0);
    SocketCursors cursors = stage.open(socket);
    stage.subscribe(cursors, socket, Stage.request("t", new From.Earliest(), Overflow.REPLAY));
    assertThat(counters.subscribersBehind()).isEqualTo(1);
    cursors.close();
    assertThat(counters.subscribersBehind()).isZero();
  }

  @Test
  void aGapInAWindowCountsOnceForAllWhoAreToldIt() {
    for (int i = 0; i < 3; i++) {
      stage.subscribe(new From.Latest(), Overflow.REPLAY);
    }
    stage.write(0, 2_000);
    stage.poll();
    assertThat(counters.gaps(GapReason.TOO_LARGE)).isEqualTo(1);
  }

  @Test
  void aGapThatOneSubscriberIsToldCountsForIt() {
    stage.write(0, 20, 10);
    stage.log.deleteBefore(Stage.partition(0), 5);
    stage.subscribe(Stage.at(1), Overflow.REPLAY);
    stage.subscribe(Stage.at(2), Overflow.REPLAY);
    assertThat(counters.gaps(GapReason.RETENTION)).isEqualTo(2);
    assertThat(counters.gaps(GapReason.TOO_LARGE)).isZero();
    assertThat(counters.gaps(GapReason.OVERFLOW)).isZero();
  }

  @Test
  void aGapInAReplayedSliceCountsOnce() {
    stage.write(0, 2_000);
    FakeClient client = stage.subscribe(new From.Earliest(), Overflow.REPLAY);
    assertThat(client.gaps).hasSize(1);
    assertThat(counters.gaps(GapReason.TOO_LARGE)).isEqualTo(1);
  }

  @Test
  void whatAWindowLetsGoIsCountedAndTheEndOfAFeedIsNot() {
    FakeSocket socket = stage.socket();
    SocketCursors cursors = stage.open(socket);
    stage.subscribe(cursors, socket, Stage.request("t", new From.Latest(), Overflow.REPLAY));
    stage.publish(0, 20, MORE_THAN_A_WINDOW);
    stage.settle();
    long evictions = counters.evictions();
    long bytes = counters.evictedBytes();
    assertThat(evictions).isPositive();
    assertThat(bytes).isGreaterThan(evictions * 100);

    cursors.close();
    for (int i = 0; i < 3; i++) {
      stage.pass(Duration.ofSeconds(31));
      stage.poll();
    }
    assertThat(counters.feeds()).isZero();
    assertThat(counters.evictions()).isEqualTo(evictions);
    assertThat(counters.evictedBytes()).isEqualTo(bytes);
  }
}
