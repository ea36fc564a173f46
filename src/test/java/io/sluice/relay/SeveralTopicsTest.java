package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.Topic;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeveralTopicsTest {
  private static final Selection BOTH =
      new Selection(new Topics.Named(List.of("t", "u")), null, false);
  private static final Partition T = new Partition("t", 0);
  private static final Partition U = new Partition("u", 0);

  private final Stage stage = new Stage(Stage.small(), 1);
  private final Topic first = stage.create("t", 1);
  private final Topic second = stage.create("u", 1);

  @Test
  void positionsAndIdentitiesAreOfAllTopics() {
    stage.write(T, null, 5);
    FakeClient client = stage.subscribe(BOTH, new From.Latest());
    stage.write(T, null, 5);
    stage.write(U, null, 5);
    stage.poll();
    assertThat(client.startedAt).isEqualTo(new Positions(Map.of(T, 1L, U, 0L)));
    assertThat(client.topicIds).isEqualTo(Map.of("t", first.id(), "u", second.id()));
    assertThat(client.heard).containsExactly("subscribed", "live", "t-0@1", "u-0@0");
    assertThat(client.subscriber().positions()).isEqualTo(new Positions(Map.of(T, 2L, U, 1L)));
  }

  @Test
  void whoResumesGoesOnInEachTopicWhereItWas() {
    for (int i = 0; i < 3; i++) {
      stage.write(T, null, 5);
      stage.write(U, null, 5);
    }
    From from = new From.At(new Positions(Map.of(T, 2L, U, 1L)), Map.of());
    FakeClient client = stage.subscribe(BOTH, from);
    assertThat(client.heard)
        .containsExactlyInAnyOrder("subscribed", "t-0@2", "u-0@1", "u-0@2", "live");
  }

  @Test
  void theSameTopicsInAnotherOrderAreTheSameFeed() {
    Selection turned = new Selection(new Topics.Named(List.of("u", "t", "u")), null, false);
    assertThat(turned).isEqualTo(BOTH);
  }

  @Test
  void oneThatIsNotThereIsRefused() {
    Selection selection = new Selection(new Topics.Named(List.of("t", "nothing")), null, false);
    FakeClient client = stage.subscribe(selection, new From.Latest());
    assertThat(client.refusal).isEqualTo(new Refusal.Log(new LogFailure.UnknownTopic("nothing")));
    assertThat(stage.log.isReading(T)).isFalse();
  }

  @Test
  void positionsOfATopicThatIsNotAskedForAreRefused() {
    From from = new From.At(new Positions(Map.of(new Partition("v", 0), 0L)), Map.of());
    FakeClient client = stage.subscribe(BOTH, from);
    assertThat(client.refusal)
        .isInstanceOfSatisfying(
            Refusal.Log.class,
            refusal -> assertThat(refusal.failure().message()).contains("v-0").contains("t,u"));
  }

  @Test
  void oneThatIsDeletedEndsAllOfIt() {
    FakeClient client = stage.subscribe(BOTH, new From.Latest());
    FakeClient other = stage.subscribe(Selection.of("t"), new From.Latest());
    stage.write(T, null, 5);
    stage.poll();
    stage.log.delete("u");
    stage.settle();
    assertThat(client.ending).isEqualTo(new Ending.Log(new LogFailure.TopicDeleted("u")));
    assertThat(client.endedAt.of(T)).hasValue(1);
    assertThat(stage.log.watchers("t")).isEqualTo(1);
    assertThat(stage.log.watchers("u")).isZero();

    stage.write(T, null, 5);
    stage.poll();
    assertThat(other.heard).endsWith("t-0@0", "t-0@1");
  }

  @Test
  void oneThatIsMadeAgainIsAGapOfItsOwnAndTheOtherGoesOn() {
    FakeClient client = stage.subscribe(BOTH, new From.Latest());
    stage.write(T, null, 5);
    stage.write(U, null, 5);
    stage.poll();
    stage.recreate("u", 2);
    stage.settle();
    stage.write(T, null, 5);
    stage.write(new Partition("u", 1), null, 5);
    stage.poll();
    assertThat(client.gaps).containsExactly(new Gap(U, 1, Gap.UNKNOWN, GapReason.TOPIC_RECREATED));
    assertThat(client.heard).endsWith("t-0@1", "u-1@0");
    assertThat(client.subscriber().positions())
        .isEqualTo(new Positions(Map.of(T, 2L, U, 0L, new Partition("u", 1), 1L)));
  }

  @Test
  void whoReplaysOneTopicGoesOnWithThatWhenTheOtherIsMadeAgain() {
    for (int i = 0; i < 5; i++) {
      stage.write(T, null, 5);
      stage.write(U, null, 5);
    }
    FakeSocket socket = stage.socket();
    FakeClient client = new FakeClient(socket, stage.written, BOTH);
    stage
        .open(socket)
        .subscribe(
            new SubscribeRequest(BOTH, Stage.FORM, new From.Earliest(), Overflow.REPLAY), client);
    while (stage.log.waitingReads() == 0) {
      stage.log.reader.runAll();
      stage.log.answers.runAll();
      stage.executors.getFirst().runAll();
    }
    assertThat(stage.log.requests().getLast().partition()).isEqualTo(T);
    stage.recreate("u", 1);
    stage.settle();
    stage.poll();
    assertThat(client.heard).contains("t-0@0", "t-0@4").endsWith("live");
    assertThat(client.gaps).containsExactly(new Gap(U, 0, Gap.UNKNOWN, GapReason.TOPIC_RECREATED));
  }

  @Test
  void aNewPartitionOfOneJoins() {
    FakeClient client = stage.subscribe(BOTH, new From.Latest());
    stage.log.addPartitions("u", 2);
    stage.settle();
    stage.write(new Partition("u", 1), null, 5);
    stage.poll();
    assertThat(client.heard).containsExactly("subscribed", "live", "u-1@0");
  }
}
