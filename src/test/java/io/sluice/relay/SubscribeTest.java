package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.LogFailure;
import io.sluice.log.Positions;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubscribeTest {
  private final Stage stage = new Stage(Stage.small(), 1);
  private Topic topic = new Topic("none", new TopicId("none"), 1);

  @BeforeEach
  void createTopic() {
    topic = stage.topic(2);
  }

  @Test
  void latestIsLiveAtOnceAndMissesNothingThatIsWrittenAfter() {
    stage.write(0, 10, 5);
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    assertThat(client.heard).containsExactly("subscribed", "live");
    assertThat(client.subscriber().positions().of(Stage.partition(0))).hasValue(5);

    stage.write(0, 10);
    stage.write(1, 10);
    stage.poll();

    assertThat(client.heard).containsExactly("subscribed", "live", "t-0@5", "t-1@0");
    assertThat(client.topicIds).containsEntry("t", topic.id());
  }

  @Test
  void whatIsWrittenBetweenTheLookupAndTheFirstPollIsNotMissed() {
    FakeClient client = new FakeClient(stage.socket(), stage.written);
    stage
        .open(client.socket)
        .subscribe(Stage.request("t", new From.Latest(), Overflow.REPLAY), client);
    stage.log.reader.runAll();
    stage.log.answers.runAll();
    stage.log.reader.runAll();
    stage.log.answers.runAll();
    stage.write(0, 10);
    stage.settle();
    stage.poll();
    assertThat(client.heard).containsExactly("subscribed", "live", "t-0@0");
  }

  /** Another instance knows it: here the topic was looked up before it had so many. */
  @Test
  void whoResumesInAPartitionThatIsNotKnownHereYetGoesOnThereExactly() {
    stage.log.remember("t");
    stage.log.addPartitions("t", 3);
    stage.write(2, 10, 5);
    FakeClient client = stage.subscribe(Stage.at(0, 0, 3), Overflow.REPLAY);
    stage.poll();
    assertThat(client.heard).containsExactly("subscribed", "t-2@3", "t-2@4", "live");
  }

  @Test
  void whoResumesInAPartitionThatIsNotThereIsRefusedAfterOneLook() {
    FakeClient client = stage.subscribe(Stage.at(0, 0, 3), Overflow.REPLAY);
    assertThat(client.refusal)
        .isEqualTo(new Refusal.Log(new LogFailure.OffsetOutOfRange(Stage.partition(2), 3, 0, 0)));
  }

  @Test
  void aSubscribeThatFailsInsideIsRefusedAndLeavesNothing() {
    stage.log.read(Stage.partition(1), 0); // so that the relay's own read of it throws
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    assertThat(client.refusal)
        .isInstanceOfSatisfying(
            Refusal.Log.class,
            refusal -> assertThat(refusal.failure()).isInstanceOf(LogFailure.Internal.class));
    assertThat(stage.relay.counters().feeds()).isZero();
    assertThat(stage.log.watchers("t")).isZero();
    assertThat(stage.log.isReading(Stage.partition(0))).isFalse();

    stage.log.stop(Stage.partition(1));
    assertThat(stage.subscribe(new From.Latest(), Overflow.REPLAY).isSubscribed()).isTrue();
  }

  @Test
  void earliestReadsEverythingThenIsLiveOnce() {
    stage.write(0, 10, 20);
    stage.write(1, 10, 3);
    FakeClient client = stage.subscribe(new From.Earliest(), Overflow.REPLAY);
    stage.poll();
    assertThat(client.records).isEqualTo(23);
    assertThat(client.live).isEqualTo(1);
    assertThat(client.heard.getLast()).isEqualTo("live");
  }

  @Test
  void eachPartitionIsJoinedAtItsOwnPositionFromTheWindow() {
    stage.subscribe(new From.Latest(), Overflow.REPLAY);
    stage.write(0, 5, 6);
    stage.write(1, 5, 6);
    stage.poll();

    FakeClient client = stage.subscribe(Stage.at(4, 2), Overflow.REPLAY);

    assertThat(client.heard)
        .containsExactly(
            "subscribed", "t-0@4", "t-0@5", "t-1@2", "t-1@3", "t-1@4", "t-1@5", "live");
    assertThat(stage.log.requests()).isEmpty();
  }

  @Test
  void aFrameThatStraddlesThePositionIsCutToOneSmallerFrame() {
    stage.subscribe(new From.Latest(), Overflow.REPLAY);
    stage.write(0, 5, 6);
    stage.poll();
    FakeClient client = stage.subscribe(Stage.at(4, 0), Overflow.REPLAY);
    assertThat(client.heard).containsExactly("subscribed", "t-0@4", "t-0@5", "live");
    assertThat(client.socket.writes).hasSize(1);
  }

  @Test
  void whoReturnsInsideTheWindowCostsNeitherALookupNorARead() {
    stage.subscribe(new From.Latest(), Overflow.REPLAY);
    stage.write(0, 5, 6);
    stage.poll();
    int lookups = stage.log.lookups();
    for (int i = 0; i < 100; i++) {
      stage.subscribe(Stage.at(i % 7, 0), Overflow.REPLAY);
    }
    assertThat(stage.log.lookups()).isEqualTo(lookups);
    assertThat(stage.log.requests()).isEmpty();
  }

  @Test
  void aPositionThatRetentionPassedIsAGapBeforeTheFirstRecord() {
    stage.write(0, 5, 6);
    stage.log.deleteBefore(Stage.partition(0), 4);
    FakeClient client = stage.subscribe(Stage.at(1, 0), Overflow.REPLAY);
    assertThat(client.heard)
        .containsExactly("subscribed", "gap t-0[1,4) RETENTION", "t-0@4", "t-0@5", "live");
  }

  @Test
  void aPositionAboveTheHeadIsRefusedWithTheRange() {
    stage.write(0, 5, 6);
    FakeClient client = stage.subscribe(Stage.at(7, 0), Overflow.REPLAY);
    assertThat(client.refusal)
        .isEqualTo(new Refusal.Log(new LogFailure.OffsetOutOfRange(Stage.partition(0), 7, 0, 6)));
  }

  @Test
  void anotherTopicIdIsAGapWithoutEndThenTheOldest() {
    stage.write(0, 5, 2);
    From from =
        new From.At(
            new Positions(Map.of(Stage.partition(0), 90L)), Map.of("t", new TopicId("another")));
    FakeClient client = stage.subscribe(from, Overflow.REPLAY);
    assertThat(client.gaps)
        .containsExactly(new Gap(Stage.partition(0), 90, Gap.UNKNOWN, GapReason.TOPIC_RECREATED));
    assertThat(client.heard).endsWith("t-0@0", "t-0@1", "live");
  }

  @Test
  void aPartitionThatIsNotNamedIsReadFromItsOldest() {
    stage.write(0, 5, 2);
    stage.write(1, 5, 2);
    From from = new From.At(new Positions(Map.of(Stage.partition(0), 2L)), Map.of());
    FakeClient client = stage.subscribe(from, Overflow.REPLAY);
    assertThat(client.heard).containsExactly("subscribed", "t-1@0", "t-1@1", "live");
  }

  @Test
  void anUnknownTopicIsRefused() {
    FakeSocket socket = stage.socket();
    FakeClient client =
        stage.subscribe(
            stage.open(socket),
            socket,
            Stage.request("nothing", new From.Latest(), Overflow.REPLAY));
    assertThat(client.refusal).isEqualTo(new Refusal.Log(new LogFailure.UnknownTopic("nothing")));
    assertThat(stage.relay.counters().feeds()).isZero();
  }

  @Test
  void theSameTwiceOnOneSocketIsADuplicateAlsoWhileTheFirstIsOnItsWay() {
    FakeSocket socket = stage.socket();
    SocketCursors cursors = stage.open(socket);
    SubscribeRequest request = Stage.request("t", new From.Latest(), Overflow.REPLAY);
    List<FakeClient> clients = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      FakeClient client = new FakeClient(socket, stage.written);
      cursors.subscribe(request, client);
      clients.add(client);
    }
    stage.settle();
    clients.add(stage.subscribe(cursors, socket, request));

    long number = clients.getFirst().subscriber().number();
    assertThat(clients)
        .extracting(client -> client.duplicateOf)
        .containsExactly(0L, number, number);
  }

  @Test
  void whoSharesAFeedSharesItsNumberAndAnotherFormHasAnother() {
    FakeClient first = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    FakeClient second = stage.subscribe(new From.Earliest(), Overflow.END);
    FakeSocket socket = stage.socket();
    FakeClient third =
        stage.subscribe(
            stage.open(socket),
            socket,
            new SubscribeRequest(
                Selection.of("t"), Stage.OTHER_FORM, new From.Latest(), Overflow.REPLAY));
    assertThat(second.subscriber().number()).isEqualTo(first.subscriber().number());
    assertThat(third.subscriber().number()).isNotEqualTo(first.subscriber().number());
  }

  @Test
  void moreFeedsThanAllowedAreRefusedUntilOneOnlyLingers() {
    stage.log.create("first", 1);
    FakeClient first = subscribeTo("first");
    for (int i = 1; i < 10; i++) {
      stage.log.create("topic" + i, 1);
      subscribeTo("topic" + i);
    }
    assertThat(subscribeTo("t").refusal).isEqualTo(new Refusal.TooManyFeeds(10));

    first.subscriber().close();
    stage.settle();

    assertThat(subscribeTo("t").isSubscribed()).isTrue();
  }

  @Test
  void nothingFollowsAClose() {
    FakeClient client = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    stage.write(0, 5);
    stage.log.poll(10);
    client.subscriber().close();
    stage.settle();
    assertThat(client.heard).containsExactly("subscribed", "live");
  }

  private FakeClient subscribeTo(String name) {
    FakeSocket socket = stage.socket();
    return stage.subscribe(
        stage.open(socket), socket, Stage.request(name, new From.Latest(), Overflow.REPLAY));
  }
}
