package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.LogFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where they begin is looked up, and stays right whatever happens to the log meanwhile. */
class TailAndTimestampTest {
  private final Stage stage = new Stage(Stage.small(), 1);

  @BeforeEach
  void createTopic() {
    stage.topic(2);
  }

  @Test
  void tailIsTheLastOfEachPartitionThenLive() {
    stage.write(0, 5, 10);
    stage.write(1, 5, 2);
    FakeClient client = stage.subscribe(new From.Tail(3), Overflow.REPLAY);
    stage.poll();
    assertThat(client.heard)
        .containsExactlyInAnyOrder(
            "subscribed", "t-0@7", "t-0@8", "t-0@9", "t-1@0", "t-1@1", "live");
    assertThat(client.heard.getLast()).isEqualTo("live");
  }

  @Test
  void tailInsideTheWindowReadsNothing() {
    stage.subscribe(new From.Latest(), Overflow.REPLAY);
    stage.write(0, 5, 10);
    stage.poll();
    FakeClient client = stage.subscribe(new From.Tail(3), Overflow.REPLAY);
    assertThat(client.heard).containsExactly("subscribed", "t-0@7", "t-0@8", "t-0@9", "live");
    assertThat(stage.log.requests()).isEmpty();
  }

  @Test
  void whatRetentionTookBeforeIsNoGapOfATail() {
    stage.write(0, 5, 10);
    stage.log.deleteBefore(Stage.partition(0), 8);
    FakeClient client = stage.subscribe(new From.Tail(5), Overflow.REPLAY);
    assertThat(client.gaps).isEmpty();
    assertThat(client.heard).startsWith("subscribed", "t-0@8", "t-0@9");
  }

  @Test
  void whatRetentionTakesAfterTheLookUpIsAGap() {
    stage.write(0, 5, 10);
    FakeClient client = begin(new From.Tail(5));
    lookUp();
    lookUp();
    stage.log.deleteBefore(Stage.partition(0), 8);
    stage.settle();
    assertThat(client.gaps).containsExactly(new Gap(Stage.partition(0), 5, 8, GapReason.RETENTION));
    assertThat(client.heard).endsWith("t-0@8", "t-0@9", "live");
  }

  @Test
  void aTailIsLiveBehindTheHeadThatWasFoundNotWhereTheReaderHappensToStand() {
    stage.subscribe(new From.Latest(), Overflow.REPLAY);
    stage.write(0, 5, 10);
    FakeClient client = stage.subscribe(new From.Tail(3), Overflow.REPLAY);
    assertThat(client.heard).containsExactly("subscribed");
    stage.log.poll(8);
    stage.settle();
    assertThat(client.heard).containsExactly("subscribed", "t-0@7");
    stage.log.poll(8);
    stage.settle();
    assertThat(client.heard).containsExactly("subscribed", "t-0@7", "t-0@8", "t-0@9", "live");
  }

  @Test
  void aHeadBehindWhichNothingFollowsIsReachedToo() {
    stage.subscribe(new From.Latest(), Overflow.REPLAY);
    stage.write(0, 5, 2);
    stage.log.skip(Stage.partition(0), 3);
    FakeClient client = stage.subscribe(new From.Tail(4), Overflow.REPLAY);
    stage.log.poll(2);
    stage.settle();
    assertThat(client.live).isZero();
    stage.poll();
    assertThat(client.heard).containsExactly("subscribed", "t-0@1", "live");
  }

  @Test
  void timestampBeginsAtTheFirstRecordWithThatTimeOrLater() {
    for (long time = 100; time < 110; time++) {
      stage.write(0, 5, time);
    }
    FakeClient client = stage.subscribe(new From.Timestamp(107), Overflow.REPLAY);
    stage.poll();
    assertThat(client.heard).containsExactly("subscribed", "t-0@7", "t-0@8", "t-0@9", "live");
  }

  @Test
  void aTimeThatNoRecordHasIsTheHead() {
    stage.write(0, 5, 100L);
    FakeClient client = stage.subscribe(new From.Timestamp(200), Overflow.REPLAY);
    stage.poll();
    assertThat(client.heard).containsExactly("subscribed", "live");
    assertThat(client.subscriber().positions().of(Stage.partition(0))).hasValue(1);
  }

  @Test
  void whatIsWrittenBetweenTheLookUpsIsFound() {
    stage.write(0, 5, 100L);
    FakeClient client = begin(new From.Timestamp(200));
    lookUp(); // the topic
    lookUp(); // the heads
    stage.write(0, 5, 150L);
    stage.write(0, 5, 300L);
    stage.settle();
    stage.poll();
    assertThat(client.heard).containsExactly("subscribed", "t-0@2", "live");
  }

  @Test
  void whatIsWrittenAndReadAfterTheLookUpsIsNotMissed() {
    stage.subscribe(new From.Latest(), Overflow.REPLAY);
    stage.write(0, 5, 100L);
    stage.log.poll(10);
    FakeClient client = begin(new From.Timestamp(200));
    lookUp(); // the heads
    stage.log.answers.runAll(); // the times: nothing has it
    stage.write(0, 5, 300L);
    stage.log.poll(10); // before the reader's thread hears the answer
    stage.settle();
    assertThat(client.heard).containsExactly("subscribed", "t-0@1", "live");
  }

  @Test
  void aPartitionThatIsAddedBetweenTheLookUpsIsReadFromItsFirstRecord() {
    stage.write(0, 5, 100L);
    FakeClient client = begin(new From.Timestamp(200));
    lookUp();
    stage.log.addPartitions("t", 3);
    stage.write(2, 5, 300L);
    stage.settle();
    stage.poll();
    assertThat(client.heard).contains("t-2@0").doesNotContain("t-0@0");
  }

  @Test
  void aLookUpThatFailsIsAnAnswer() {
    FakeClient client = begin(new From.Timestamp(200));
    lookUp();
    lookUp();
    stage.log.delete("t");
    stage.settle();
    assertThat(client.refusal).isEqualTo(new Refusal.Log(new LogFailure.UnknownTopic("t")));
  }

  /** Asks; the answers of the catalog wait. */
  private FakeClient begin(From from) {
    FakeClient client = new FakeClient(stage.socket(), stage.written);
    stage.open(client.socket).subscribe(Stage.request("t", from, Overflow.REPLAY), client);
    stage.log.reader.runAll();
    return client;
  }

  /** The catalog answers what was asked so far, and the reader's thread asks on. */
  private void lookUp() {
    stage.log.answers.runAll();
    stage.log.reader.runAll();
  }
}
