package io.sluice.relay;

import static io.sluice.log.Isolation.READ_COMMITTED;
import static io.sluice.log.Isolation.READ_UNCOMMITTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Isolation;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Readers of two isolations have feeds of their own, and share sockets, numbers and memory. */
class TwoReadersTest {
  private static final int LIMIT = 8 * 1024;

  private final TwoReadersStage stage = new TwoReadersStage(Stage.small());
  private final FakeSocket socket = new FakeSocket(stage.alloc);
  private final SocketCursors cursors = stage.loop.open(socket, "somebody");
  private final Relay relay = stage.relay;

  @BeforeEach
  void createTopics() {
    stage.create("t", 1);
    stage.create("u", 1);
  }

  @Test
  void theSameTopicInTwoIsolationsIsTwoSubscriptions() {
    FakeClient committed = subscribe(READ_COMMITTED, "t");
    FakeClient uncommitted = subscribe(READ_UNCOMMITTED, "t");
    assertThat(committed.subscriber().number()).isNotEqualTo(uncommitted.subscriber().number());
    write(READ_UNCOMMITTED, "t", "x");
    write(READ_UNCOMMITTED, "t", "y");
    write(READ_COMMITTED, "t", "z");
    stage.poll();
    assertThat(uncommitted.records).isEqualTo(2);
    assertThat(committed.records).isEqualTo(1);
  }

  @Test
  void whoLeavesIsForgottenByHisReaderOnly() {
    FakeClient committed = subscribe(READ_COMMITTED, "t");
    FakeClient uncommitted = subscribe(READ_UNCOMMITTED, "t");
    uncommitted.subscriber().close();
    stage.settle();
    write(READ_COMMITTED, "t", "z");
    write(READ_UNCOMMITTED, "t", "x");
    stage.poll();
    assertThat(committed.records).isEqualTo(1);
    assertThat(uncommitted.records).isZero();
  }

  @Test
  void whenTheSocketGoesEveryReaderHearsOfItsOwn() {
    subscribe(READ_COMMITTED, "t");
    subscribe(READ_COMMITTED, "u");
    subscribe(READ_UNCOMMITTED, "t");
    cursors.close();
    stage.settle();
    assertThat(relay.counters().subscribers()).isZero();
    stage.pass(Stage.small().linger());
    stage.poll();
    assertThat(relay.counters().feeds()).isZero();
  }

  @Test
  void anOldRecordIsReadFromTheLogOfTheSameIsolation() {
    write(READ_COMMITTED, "t", "committed");
    write(READ_UNCOMMITTED, "t", "open");
    FakeClient uncommitted = subscribe(READ_UNCOMMITTED, "t", new From.Earliest());
    assertThat(uncommitted.records).isEqualTo(1);
    assertThat(stage.log(READ_UNCOMMITTED).requests()).hasSize(1);
    assertThat(stage.log(READ_COMMITTED).requests()).isEmpty();
  }

  @Test
  void theLimitOfFeedsIsForBoth() {
    subscribe(READ_COMMITTED, "t");
    for (int i = 0; i < 9; i++) {
      stage.log(READ_UNCOMMITTED).create("more" + i, 1);
      assertThat(subscribe(READ_UNCOMMITTED, "more" + i).isSubscribed()).isTrue();
    }
    FakeClient tooMany = subscribe(READ_COMMITTED, "u");
    assertThat(tooMany.refusal).isEqualTo(new Refusal.TooManyFeeds(10));
  }

  /** The windows of the other reader are larger, and it reads nothing: it is asked. */
  @Test
  void bothKeepToOneBudgetTogether() {
    subscribe(READ_COMMITTED, "t");
    subscribe(READ_COMMITTED, "u");
    fill(READ_COMMITTED, "t");
    fill(READ_COMMITTED, "u");
    assertThat(relay.counters().heldBytes()).isGreaterThan(LIMIT * 3 / 4);
    subscribe(READ_UNCOMMITTED, "t");
    for (int i = 0; i < 40; i++) {
      write(READ_UNCOMMITTED, "t", "y".repeat(100));
      stage.log(READ_UNCOMMITTED).poll(1000);
      stage.settle();
      assertThat(relay.counters().heldBytes()).isLessThanOrEqualTo(LIMIT);
    }
    assertThat(relay.windows(READ_UNCOMMITTED).bytes()).isGreaterThan(LIMIT / 4);
    assertThat(relay.windows(READ_COMMITTED).bytes()).isGreaterThan(LIMIT / 4);
  }

  @Test
  void aTopicThatGrowsGrowsForBothAndEachReadsItsOwn() {
    FakeClient committed = subscribe(READ_COMMITTED, "t");
    FakeClient uncommitted = subscribe(READ_UNCOMMITTED, "t");
    stage.addPartitions("t", 2);
    stage.write(READ_UNCOMMITTED, new Partition("t", 1), 5);
    stage.settle();
    stage.poll();
    assertThat(uncommitted.heard).containsExactly("subscribed", "live", "t-1@0");
    assertThat(committed.heard).containsExactly("subscribed", "live");
    assertThat(committed.subscriber().positions().of(new Partition("t", 1))).hasValue(0);
  }

  @Test
  void aTopicThatIsDeletedEndsItsSubscriptionsOfBothAndNoOther() {
    FakeClient committed = subscribe(READ_COMMITTED, "t");
    FakeClient uncommitted = subscribe(READ_UNCOMMITTED, "t");
    FakeClient other = subscribe(READ_UNCOMMITTED, "u");
    stage.delete("t");
    stage.settle();
    Ending deleted = new Ending.Log(new LogFailure.TopicDeleted("t"));
    assertThat(committed.ending).isEqualTo(deleted);
    assertThat(uncommitted.ending).isEqualTo(deleted);
    write(READ_UNCOMMITTED, "u", "x");
    stage.poll();
    assertThat(other.records).isEqualTo(1);
    assertThat(relay.counters().feeds()).isEqualTo(1);
  }

  @Test
  void aTopicThatIsMadeAgainIsAGapForEachWhenItsReaderHears() {
    FakeClient committed = subscribe(READ_COMMITTED, "t");
    FakeClient uncommitted = subscribe(READ_UNCOMMITTED, "t");
    write(READ_COMMITTED, "t", "x");
    stage.poll();
    stage.recreate("t", 1);
    write(READ_COMMITTED, "t", "y");
    write(READ_UNCOMMITTED, "t", "y");
    stage.log(READ_UNCOMMITTED).reader.runAll(); // the other one is busy
    stage.executor.runAll();
    stage.log(READ_UNCOMMITTED).poll(1000);
    stage.executor.runAll();
    assertThat(uncommitted.heard).endsWith("live", "gap t-0[0,-1) TOPIC_RECREATED", "t-0@0");
    assertThat(committed.heard).endsWith("live", "t-0@0");
    stage.settle();
    stage.poll();
    assertThat(committed.heard).endsWith("gap t-0[1,-1) TOPIC_RECREATED", "t-0@0");
  }

  private void fill(Isolation isolation, String topic) {
    for (int i = 0; i < 40; i++) {
      write(isolation, topic, "x".repeat(100));
      stage.log(isolation).poll(1000);
    }
    stage.settle();
  }

  private FakeClient subscribe(Isolation isolation, String topic) {
    return subscribe(isolation, topic, new From.Latest());
  }

  private FakeClient subscribe(Isolation isolation, String topic, From from) {
    Selection selection = new Selection(new Topics.Named(List.of(topic)), null, false, isolation);
    FakeClient client = stage.subscribe(cursors, socket, selection, from, Overflow.REPLAY);
    stage.settle();
    return client;
  }

  private void write(Isolation isolation, String topic, String text) {
    stage.write(isolation, new Partition(topic, 0), text.length());
  }
}
