package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Topic;
import io.sluice.log.TopicPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Many clients come at once, each with a glob of its own: every one has all topics listed. */
class GlobStormTest {
  private static final Partition A = new Partition("v.a", 0);

  private final Stage stage = new Stage(manyFeeds(), 1);
  private int asked;

  /** Another one each time, though all match the same. */
  private Selection newGlob() {
    return new Selection(
        new Topics.Matching(TopicPattern.of("v.*"), Set.of("own" + asked++), name -> true),
        null,
        false);
  }

  private FakeClient begin(From from) {
    FakeSocket socket = stage.socket();
    Selection selection = newGlob();
    FakeClient client = new FakeClient(socket, stage.written, selection);
    client.asks(from);
    stage
        .open(socket)
        .subscribe(new SubscribeRequest(selection, Stage.FORM, from, Overflow.REPLAY), client);
    return client;
  }

  /** What was asked is answered, and what that leads to is asked. */
  private void answer() {
    stage.executors.getFirst().runAll();
    stage.log.reader.runAll();
    stage.log.answers.runAll();
  }

  @Test
  void nobodyIsRefusedBecauseOthersHaveTheSameTopicsListed() {
    stage.create("v.a", 2);
    stage.create("v.b", 1);
    List<FakeClient> crowd = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      crowd.add(begin(i % 2 == 0 ? new From.Earliest() : new From.Tail(3)));
      answer(); // one is always listing while the others look up offsets
    }
    stage.settle();
    assertThat(crowd).allMatch(FakeClient::isSubscribed);
    assertThat(stage.log.lookups()).as("heads and oldest").isLessThanOrEqualTo(2 * 100);
  }

  @Test
  void aTopicThatComesBelongsToAllThatAreOnTheirWay() {
    stage.create("v.a", 1);
    FakeClient early = begin(new From.Earliest());
    answer(); // it knows its names
    FakeClient late = begin(new From.Earliest());
    stage.executors.getFirst().runAll();
    stage.log.reader.runAll(); // it asks for its topic, the other one for names
    stage.create("v.b", 1);
    stage.settle();
    assertThat(early.startedAt.byPartition()).containsOnlyKeys(A, new Partition("v.b", 0));
    assertThat(late.startedAt.byPartition()).containsOnlyKeys(A, new Partition("v.b", 0));
    assertThat(stage.log.lookups()).as("of v.a, v.b, and of both").isEqualTo(2 + 2 + 2);
  }

  @Test
  void aTopicThatIsMadeAgainMeanwhileIsLookedUpAgain() {
    Topic before = stage.create("v.a", 1);
    FakeClient client = begin(new From.Earliest());
    answer(); // it knows its names
    FakeClient other = begin(new From.Earliest());
    stage.executors.getFirst().runAll();
    stage.log.reader.runAll(); // it asks for its topic, the other one for names
    stage.log.answers.runOne();
    stage.recreate("v.a", 1);
    stage.write(A, null, 5);
    stage.settle();
    stage.poll();
    assertThat(client.topicIds).containsKey("v.a").doesNotContainValue(before.id());
    assertThat(client.heard).containsExactly("subscribed", "v.a-0@0", "live");
    assertThat(other.heard).containsExactly("subscribed", "v.a-0@0", "live");
  }

  @Test
  void whoIsReadyWithoutATopicThatCouldNotBeLookedUpGetsItInTheNextRound() {
    stage.create("v.a", 1);
    stage.write(A, null, 5);
    stage.log.failLookups = new LogFailure.UnknownTopic("v.a");
    FakeClient client = begin(new From.Latest());
    stage.settle();
    assertThat(client.heard).containsExactly("subscribed", "live");
    stage.log.failLookups = null;
    begin(new From.Latest());
    stage.settle();
    stage.pass(Duration.ofSeconds(5));
    stage.poll();
    stage.poll();
    assertThat(client.heard).containsExactly("subscribed", "live", "v.a-0@0");
  }

  private static RelaySettings manyFeeds() {
    return new RelaySettings(
        1 << 20,
        1 << 16,
        1_000,
        Duration.ofSeconds(30),
        256,
        1024,
        1000,
        600,
        0,
        1 << 30,
        1 << 30,
        5);
  }
}
