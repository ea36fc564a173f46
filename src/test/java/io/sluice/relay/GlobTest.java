package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.Topic;
import io.sluice.log.TopicPattern;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GlobTest {
  private static final Partition A = new Partition("v.a", 0);
  private static final Partition B = new Partition("v.b", 0);

  private final Stage stage = new Stage(Stage.small(), 1);

  private FakeClient subscribe(From from) {
    return stage.subscribe(Stage.glob("v.*"), from);
  }

  /** The time in which a topic that came is seen. */
  private void round() {
    stage.pass(Duration.ofSeconds(5));
    stage.poll();
    stage.poll();
  }

  @Test
  void allTopicsThatMatchAreRead() {
    stage.create("v.a", 1);
    stage.create("v.b", 1);
    stage.create("w", 1);
    FakeClient client = subscribe(new From.Latest());
    stage.write(B, null, 5);
    stage.write(A, null, 5);
    stage.poll();
    assertThat(client.startedAt).isEqualTo(new Positions(Map.of(A, 0L, B, 0L)));
    assertThat(client.heard).containsExactly("subscribed", "live", "v.a-0@0", "v.b-0@0");
    assertThat(stage.log.isReading(new Partition("w", 0))).isFalse();
  }

  @Test
  void itStandsWhileNothingMatchesAndATopicThatComesJoinsFromItsOldestRecord() {
    FakeClient client = subscribe(new From.Latest());
    assertThat(client.heard).containsExactly("subscribed", "live");
    assertThat(client.startedAt).isEqualTo(Positions.NONE);

    stage.create("v.a", 2);
    stage.write(A, null, 5);
    stage.write(A, null, 5);
    stage.deleteBefore(A, 1);
    round();
    stage.write(A, null, 5);
    stage.poll();

    assertThat(client.heard).containsExactly("subscribed", "live", "v.a-0@1", "v.a-0@2");
    assertThat(client.subscriber().positions().byPartition())
        .isEqualTo(Map.of(A, 3L, new Partition("v.a", 1), 0L));
  }

  @Test
  void oneListingServesAllGlobsAndNoneIsMadeWithoutOne() {
    stage.create("v.a", 1);
    stage.subscribe(Selection.of("v.a"), new From.Latest());
    round();
    assertThat(stage.log.listings()).isZero();

    FakeClient one = subscribe(new From.Latest());
    FakeClient other = stage.subscribe(Stage.glob("**"), new From.Latest());
    int before = stage.log.listings();
    round();
    assertThat(stage.log.listings()).isEqualTo(before + 1);

    one.subscriber().close();
    other.subscriber().close();
    stage.settle();
    stage.pass(Duration.ofSeconds(31));
    stage.poll();
    int after = stage.log.listings();
    round();
    assertThat(stage.log.listings()).isEqualTo(after);
  }

  @Test
  void aTopicThatIsDeletedLeavesWithoutAWordAndTheRestGoesOn() {
    stage.create("v.a", 1);
    stage.create("v.b", 1);
    FakeClient client = subscribe(new From.Latest());
    stage.write(A, null, 5);
    stage.poll();
    stage.log.delete("v.a");
    stage.settle();
    stage.write(B, null, 5);
    stage.poll();
    assertThat(client.heard).containsExactly("subscribed", "live", "v.a-0@0", "v.b-0@0");
    assertThat(client.subscriber().positions()).isEqualTo(new Positions(Map.of(B, 1L)));
    assertThat(stage.log.watchers("v.a")).isZero();
    FakeClient later = subscribe(new From.Earliest());
    assertThat(later.heard).containsExactly("subscribed", "v.b-0@0", "live");
  }

  @Test
  void whoHadNotReadADeletedTopicToItsEndIsToldWhatIsLost() {
    stage.create("v.a", 1);
    stage.create("v.b", 1);
    for (int i = 0; i < 200; i++) {
      stage.write(A, null, 50);
    }
    FakeSocket socket = stage.socket();
    socket.takes(0);
    SocketCursors cursors = stage.open(socket);
    FakeClient client =
        stage.subscribe(
            cursors,
            socket,
            new SubscribeRequest(
                Stage.glob("v.*"), Stage.FORM, new From.Earliest(), Overflow.REPLAY));
    socket.takes(2);
    cursors.onClear();
    stage.settle();
    assertThat(client.records).isPositive().isLessThan(200);
    long reached = client.next.getOrDefault(A, 0L);

    stage.log.delete("v.a");
    stage.settle();
    socket.takes(Integer.MAX_VALUE);
    cursors.onClear();
    stage.settle();

    assertThat(client.gaps).hasSize(1);
    assertThat(client.gaps.getFirst())
        .satisfies(gap -> {
          assertThat(gap.from()).isGreaterThanOrEqualTo(reached);
          assertThat(gap.to()).isEqualTo(200);
          assertThat(gap.reason()).isEqualTo(GapReason.RETENTION);
        });
    assertThat(client.live).isEqualTo(1);
  }

  /** It has the record of the first; the second has one too, and is not listed yet. */
  private FakeClient whoHeardOfATopicThatLeftAndIsMadeAgain() {
    stage.create("v.a", 1);
    FakeClient client = subscribe(new From.Latest());
    stage.write(A, null, 5);
    stage.poll();
    stage.log.delete("v.a");
    stage.settle();
    stage.create("v.a", 1);
    stage.write(A, null, 5);
    return client;
  }

  @Test
  void aTopicThatTakesTheNameOfOneThatLeftIsToldToBeAnother() {
    FakeClient client = whoHeardOfATopicThatLeftAndIsMadeAgain();
    round();
    assertThat(client.heard)
        .containsExactly(
            "subscribed", "live", "v.a-0@0", "gap v.a-0[1,-1) TOPIC_RECREATED", "v.a-0@0");
  }

  @Test
  void alsoWhenTheNewOneIsLargeAndReplayed() {
    FakeClient client = whoHeardOfATopicThatLeftAndIsMadeAgain();
    stage.log.skip(A, 2_000);
    round();
    stage.write(A, null, 5);
    stage.poll();
    assertThat(client.heard)
        .containsExactly(
            "subscribed",
            "live",
            "v.a-0@0",
            "gap v.a-0[1,-1) TOPIC_RECREATED",
            "v.a-0@0",
            "v.a-0@2001");
    assertThat(stage.log.requests()).isNotEmpty();
  }

  @Test
  void aTopicThatIsMadeAgainBetweenTwoLooksIsAGapThenItsFirstRecord() {
    stage.create("v.a", 1);
    FakeClient client = subscribe(new From.Latest());
    stage.recreate("v.a", 1);
    stage.settle();
    stage.write(A, null, 5);
    stage.poll();
    assertThat(client.heard)
        .containsExactly("subscribed", "live", "gap v.a-0[0,-1) TOPIC_RECREATED", "v.a-0@0");
  }

  @Test
  void whatATopicHeldBeforeItJoinedIsReplayedThoughSomebodyElseReadsItsHead() {
    FakeClient client = subscribe(new From.Latest());
    stage.create("v.a", 1);
    for (int i = 0; i < 3; i++) {
      stage.write(A, null, 5);
    }
    FakeClient other = stage.subscribe(Selection.of("v.a"), new From.Latest());
    stage.write(A, null, 5);
    stage.poll();
    round();
    stage.write(A, null, 5);
    stage.poll();
    assertThat(other.heard).containsExactly("subscribed", "live", "v.a-0@3", "v.a-0@4");
    assertThat(client.heard)
        .containsExactly(
            "subscribed", "live", "v.a-0@0", "v.a-0@1", "v.a-0@2", "v.a-0@3", "v.a-0@4");
  }

  @Test
  void moreTopicsThanAllowedAreRefusedAndWhenTheyComeLaterEndIt() {
    for (int i = 0; i < 5; i++) {
      stage.create("v." + i, 1);
    }
    FakeClient client = subscribe(new From.Latest());
    assertThat(client.isSubscribed()).isTrue();
    stage.create("v.5", 1);
    stage.write(new Partition("v.0", 0), null, 5);
    round();
    assertThat(client.ending).isEqualTo(new Ending.TooManyTopics(5));
    assertThat(client.endedAt.of(new Partition("v.0", 0))).hasValue(1);
    assertThat(subscribe(new From.Latest()).refusal).isEqualTo(new Refusal.TooManyTopics(5));
  }

  @Test
  void whoResumesReadsATopicThatItDoesNotKnowFromItsOldestRecord() {
    stage.create("v.a", 1);
    stage.create("v.b", 1);
    stage.write(A, null, 5);
    stage.write(B, null, 5);
    FakeClient client = subscribe(new From.At(new Positions(Map.of(A, 1L)), Map.of()));
    assertThat(client.heard).containsExactly("subscribed", "v.b-0@0", "live");
  }

  @Test
  void whoResumesWithATopicThatIsNotSeenHereYetGoesOnThereExactly() {
    FakeClient other = subscribe(new From.Latest());
    Topic topic = stage.create("v.a", 1);
    for (int i = 0; i < 3; i++) {
      stage.write(A, null, 5);
    }
    FakeClient client =
        subscribe(new From.At(new Positions(Map.of(A, 2L)), Map.of("v.a", topic.id())));
    stage.poll();
    assertThat(client.heard).containsExactly("subscribed", "v.a-0@2", "live");
    assertThat(other.heard).endsWith("v.a-0@0", "v.a-0@1", "v.a-0@2");
  }

  @Test
  void whoResumesWithATopicThatIsGoneIsToldSo() {
    stage.create("v.b", 1);
    FakeClient client = subscribe(new From.At(new Positions(Map.of(A, 7L, B, 0L)), Map.of()));
    assertThat(client.heard)
        .containsExactly("subscribed", "gap v.a-0[7,-1) TOPIC_RECREATED", "live");
    assertThat(client.startedAt).isEqualTo(new Positions(Map.of(B, 0L)));
  }

  @Test
  void aTopicThatMayNotBeReadIsToldAndTriedAgainMoreAndMoreSeldom() {
    stage.create("v.a", 1);
    stage.create("v.b", 1);
    FakeClient client = subscribe(new From.Latest());
    stage.write(A, null, 5);
    stage.poll();
    stage.log.breakOff(A, new LogFailure.Forbidden("v.a", "reading"));
    stage.write(A, null, 5);
    stage.write(B, null, 5);
    round();
    assertThat(client.heard)
        .containsExactly(
            "subscribed", "live", "v.a-0@0", "gap v.a-0[1,-1) TOPIC_RECREATED", "v.b-0@0");
    assertThat(stage.log.isReading(A)).isFalse();
    round();
    assertThat(stage.log.isReading(A)).as("tried again after 10 s").isTrue();
    stage.log.breakOff(A, new LogFailure.Forbidden("v.a", "reading"));
    for (int i = 0; i < 3; i++) {
      round();
      assertThat(stage.log.isReading(A)).as("now it takes 20 s").isFalse();
    }
    int before = client.heard.size();
    round();
    stage.write(A, null, 5);
    stage.poll();
    assertThat(client.heard.subList(before, client.heard.size()))
        .containsExactly("v.a-0@0", "v.a-0@1", "v.a-0@2");
  }

  @Test
  void aTopicThatWasNotKnownForAMomentComesBack() {
    stage.create("v.a", 1);
    FakeClient client = subscribe(new From.Latest());
    stage.log.breakOff(A, new LogFailure.UnknownTopic("v.a"));
    stage.write(A, null, 5);
    round();
    round();
    assertThat(client.heard)
        .containsExactly("subscribed", "live", "gap v.a-0[0,-1) TOPIC_RECREATED", "v.a-0@0");
  }

  @Test
  void aTopicThatIsMadeAgainWithFewerPartitionsBeforeItJoinedIsNotAskedForForEver() {
    FakeClient client = subscribe(new From.Latest());
    stage.create("v.a", 3);
    stage.pass(Duration.ofSeconds(5));
    stage.log.poll(1000); // lists
    for (int lookup = 0; lookup < 2; lookup++) {
      stage.log.answers.runOne(); // of what there is, then of the topic
      stage.log.reader.runAll();
    }
    stage.recreate("v.a", 1);
    stage.write(A, null, 5);
    stage.settle();
    stage.pass(Duration.ofSeconds(1));
    stage.poll();
    stage.poll();
    assertThat(client.heard).containsExactly("subscribed", "live", "v.a-0@0");
    int lookups = stage.log.lookups();
    for (int i = 0; i < 3; i++) {
      stage.pass(Duration.ofSeconds(1));
      stage.poll();
    }
    assertThat(stage.log.lookups()).isEqualTo(lookups);
  }

  @Test
  void whetherATopicIsAskedForIsFoundOutOnceHoweverManyPartitionsAreNamed() {
    stage.create("v.a", 1);
    AtomicInteger asked = new AtomicInteger();
    Selection selection =
        new Selection(
            new Topics.Matching(
                TopicPattern.of("v.*"),
                Set.of(),
                name -> {
                  asked.incrementAndGet();
                  return true;
                }),
            null,
            false);
    Map<Partition, Long> many = new HashMap<>();
    for (int i = 0; i < 500; i++) {
      many.put(new Partition("v.a", i), 0L);
    }
    FakeClient client = stage.subscribe(selection, new From.At(new Positions(many), Map.of()));
    assertThat(client.isSubscribed()).isTrue();
    assertThat(asked.get()).isLessThan(5);
  }

  @Test
  void aPartitionThatCannotBeReadOnEndsIt() {
    stage.create("v.a", 1);
    FakeClient client = subscribe(new From.Latest());
    LogFailure failure = new LogFailure.Internal("A record cannot be read.");
    stage.log.breakOff(A, failure);
    stage.settle();
    assertThat(client.ending).isEqualTo(new Ending.Log(failure));
  }

  @Test
  void aTopicThatCannotBeLookedUpYetIsTriedAgain() {
    FakeClient client = subscribe(new From.Latest());
    stage.create("v.a", 1);
    stage.write(A, null, 5);
    stage.log.failLookups = new LogFailure.Unavailable("The test says so.");
    round();
    round();
    assertThat(client.heard).containsExactly("subscribed", "live");
    stage.log.failLookups = null;
    round();
    assertThat(client.heard).containsExactly("subscribed", "live", "v.a-0@0");
  }

  @Test
  void newPartitionsOfItsTopicsJoin() {
    stage.create("v.a", 1);
    FakeClient client = subscribe(new From.Latest());
    stage.log.addPartitions("v.a", 2);
    stage.settle();
    stage.write(new Partition("v.a", 1), null, 5);
    stage.poll();
    assertThat(client.heard).containsExactly("subscribed", "live", "v.a-1@0");
  }

  @Test
  void itsGapsAreTheSameForAllWhoShareIt() {
    stage.create("v.a", 1);
    FakeClient one = subscribe(new From.Latest());
    FakeClient other = subscribe(new From.Latest());
    assertThat(other.subscriber().number()).isEqualTo(one.subscriber().number());
    stage.write(A, null, 5);
    stage.deleteBefore(A, 1);
    stage.poll();
    Gap gap = new Gap(A, 0, 1, GapReason.RETENTION);
    assertThat(one.gaps).containsExactly(gap);
    assertThat(other.gaps).containsExactly(gap);
  }
}
