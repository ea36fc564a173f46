package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.Isolation;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.RecordKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyedFeedTest {
  private final Stage stage = new Stage(Stage.small(), 2);

  @BeforeEach
  void createTopic() {
    stage.topic(2);
  }

  /** A key whose partition is {@code number} of {@code count}. */
  private String keyIn(int number, int count) {
    return keyIn(number, count, number, count);
  }

  /** The same, and {@code later} when there are {@code more}. */
  private String keyIn(int number, int count, int later, int more) {
    return IntStream.range(0, 1000)
        .mapToObj(i -> "k" + i)
        .filter(key -> Math.floorMod(RecordKey.of(key).hashCode(), count) == number)
        .filter(key -> Math.floorMod(RecordKey.of(key).hashCode(), more) == later)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void onlyRecordsWithItsKeyReachAFeed() {
    stage.write(Stage.partition(0), "a", 5);
    stage.write(Stage.partition(0), "b", 5);
    FakeClient client = stage.subscribe(Stage.keyed("t", "a", false), new From.Earliest());
    stage.write(Stage.partition(0), null, 5);
    stage.write(Stage.partition(0), "a", 5);
    stage.write(Stage.partition(1), "a", 5);
    stage.write(Stage.partition(1), "b", 5);
    stage.poll();
    assertThat(client.heard).containsExactly("subscribed", "t-0@0", "live", "t-0@3", "t-1@0");
    assertThat(client.subscriber().positions().byPartition())
        .isEqualTo(Map.of(Stage.partition(0), 4L, Stage.partition(1), 2L));
  }

  @Test
  void aRecordCostsOneLookUpAndAPollOneWakeUpALoopHoweverManyFeedsThereAre() {
    int keys = 2_000;
    Stage wide =
        new Stage(
            new RelaySettings(
                1 << 24,
                1 << 20,
                keys,
                Duration.ofSeconds(30),
                4096,
                16384,
                1000,
                4096,
                0,
                1 << 30,
                1 << 30,
                5),
            2);
    wide.topic(1);
    List<FakeClient> clients = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      FakeSocket socket = wide.socket();
      Selection selection = Stage.keyed("t", "k" + i, false);
      FakeClient client = new FakeClient(socket, wide.written, selection);
      wide.loops
          .get(i % 2)
          .open(socket, "somebody")
          .subscribe(
              new SubscribeRequest(selection, Stage.FORM, new From.Latest(), Overflow.REPLAY),
              client);
      clients.add(client);
    }
    wide.settle();
    long wakeUps = wide.relay.counters().wakeUps();
    for (int i = 0; i < 1_000; i++) {
      wide.write(Stage.partition(0), "k" + i, 5);
    }
    wide.log.poll(1_000);
    assertThat(wide.relay.counters().wakeUps() - wakeUps).isEqualTo(2);
    wide.settle();
    assertThat(wide.relay.counters().keyLookups()).isEqualTo(1_000);
    assertThat(wide.relay.counters().wakeUps() - wakeUps).isEqualTo(2);
    for (int i = 0; i < keys; i++) {
      assertThat(clients.get(i).records).isEqualTo(i < 1_000 ? 1 : 0);
    }
  }

  @Test
  void anEmptyWindowHoldsNoBuffer() {
    for (int i = 0; i < 8; i++) {
      stage.subscribe(Stage.keyed("t", "k" + i, false), new From.Latest());
    }
    stage.write(Stage.partition(0), "another", 50);
    stage.poll();
    assertThat(stage.relay.windows(Isolation.READ_COMMITTED).bytes()).isZero();
    assertThat(stage.leaked()).isZero();
  }

  @Test
  void whereTheWritersUseTheDefaultPartitionerOnlyTheKeysPartitionIsRead() {
    String key = keyIn(1, 2);
    FakeClient client = stage.subscribe(Stage.keyed("t", key, true), new From.Latest());
    assertThat(client.startedAt).isEqualTo(new Positions(Map.of(Stage.partition(1), 0L)));
    assertThat(stage.log.isReading(Stage.partition(0))).isFalse();

    stage.writeKeyed("t", key, 5);
    stage.poll();
    assertThat(client.heard).containsExactly("subscribed", "live", "t-1@0");
    assertThat(client.subscriber().positions())
        .isEqualTo(new Positions(Map.of(Stage.partition(1), 1L)));
  }

  @Test
  void whoResumesWithThePositionsOfThatPartitionIsLiveAtOnce() {
    String key = keyIn(1, 2);
    stage.writeKeyed("t", key, 5);
    stage.write(Stage.partition(0), "another", 5);
    From from = new From.At(new Positions(Map.of(Stage.partition(1), 1L)), Map.of());
    FakeClient client = stage.subscribe(Stage.keyed("t", key, true), from);
    assertThat(client.heard).containsExactly("subscribed", "live");
    assertThat(stage.log.isReading(Stage.partition(0))).isFalse();
    assertThat(stage.log.requests()).isEmpty();
  }

  @Test
  void aKeyThatMovesToANewPartitionIsReadThereFromItsFirstRecordAndOnInTheOldOne() {
    String key = keyIn(1, 2, 3, 4);
    FakeClient client = stage.subscribe(Stage.keyed("t", key, true), new From.Latest());
    stage.log.addPartitions("t", 4);
    stage.writeKeyed("t", key, 5);
    stage.settle();
    stage.writeKeyed("t", key, 5);
    stage.write(Stage.partition(1), key, 5);
    stage.poll();
    assertThat(client.heard)
        .containsExactlyInAnyOrder("subscribed", "live", "t-3@0", "t-3@1", "t-1@0");
    assertThat(stage.log.isReading(Stage.partition(0))).isFalse();
    assertThat(stage.log.isReading(Stage.partition(2))).isFalse();
    assertThat(client.subscriber().positions().byPartition())
        .isEqualTo(Map.of(Stage.partition(1), 1L, Stage.partition(3), 2L));
  }

  @Test
  void aKeyThatMovesToAnOldPartitionIsReadThereFromItsOldestRecord() {
    String key = keyIn(1, 2, 0, 3);
    stage.log.skip(Stage.partition(0), 1_500);
    FakeClient client = stage.subscribe(Stage.keyed("t", key, true), new From.Latest());
    stage.log.addPartitions("t", 3);
    stage.writeKeyed("t", key, 5); // before anybody here knows
    stage.settle();
    stage.poll();
    assertThat(client.heard).containsExactly("subscribed", "live", "t-0@1500");
    // What is old is replayed: the live reader began at the head.
    assertThat(stage.log.requests()).isNotEmpty();

    stage.writeKeyed("t", key, 5);
    stage.poll();
    assertThat(client.heard).endsWith("t-0@1500", "t-0@1501");
    assertThat(client.live).isEqualTo(1);
  }

  @Test
  void whoResumesWithAPartitionThatWasItsKeysBeforeIsOwedTheRestOfIt() {
    String key = keyIn(1, 2, 3, 4);
    Partition before = stage.writeKeyed("t", key, 5);
    stage.log.addPartitions("t", 4);
    FakeClient other = stage.subscribe(Stage.keyed("t", key, true), new From.Latest());
    assertThat(other.startedAt.byPartition()).containsOnlyKeys(Stage.partition(3));

    From from = new From.At(new Positions(Map.of(before, 0L)), Map.of());
    FakeClient client = stage.subscribe(Stage.keyed("t", key, true), from);
    stage.writeKeyed("t", key, 5);
    stage.poll();

    assertThat(client.heard).containsExactly("subscribed", "t-1@0", "live", "t-3@0");
    assertThat(other.heard).containsExactly("subscribed", "live", "t-3@0");
  }

  @Test
  void whoIsAheadOfTheReaderIsLiveOnceItIsReadToThereThoughNothingComes() {
    stage.subscribe(new From.Latest(), Overflow.REPLAY); // so that the topic is read
    stage.write(0, 5, 3);
    stage.write(1, 5, 3);
    FakeClient client = stage.subscribe(Stage.keyed("t", "a", false), Stage.at(3, 3));
    assertThat(client.heard).containsExactly("subscribed");
    stage.poll();
    assertThat(client.heard).containsExactly("subscribed", "live");
  }

  @Test
  void thePositionsOfAQuietFeedStayAtTheHeadThoughNobodyIsWokenForIt() {
    FakeClient client = stage.subscribe(Stage.keyed("t", "a", false), new From.Latest());
    long wakeUps = stage.relay.counters().wakeUps();
    stage.write(Stage.partition(0), "b", 5);
    stage.poll();
    assertThat(stage.relay.counters().wakeUps()).isEqualTo(wakeUps);
    assertThat(client.subscriber().positions().of(Stage.partition(0))).hasValue(1);
  }

  @Test
  void whatRetentionTookIsAGapForEveryKey() {
    FakeClient client = stage.subscribe(Stage.keyed("t", "a", false), new From.Latest());
    stage.write(Stage.partition(0), "b", 5);
    stage.write(Stage.partition(0), "b", 5);
    stage.deleteBefore(Stage.partition(0), 2);
    stage.poll();
    assertThat(client.gaps).containsExactly(new Gap(Stage.partition(0), 0, 2, GapReason.RETENTION));
  }

  @Test
  void aRecordThatIsTooLargeIsAGapOnlyForItsKey() {
    FakeClient one = stage.subscribe(Stage.keyed("t", "a", false), new From.Latest());
    FakeClient other = stage.subscribe(Stage.keyed("t", "b", false), new From.Latest());
    stage.write(Stage.partition(0), "a", 1_100);
    stage.poll();
    assertThat(one.gaps).extracting(Gap::reason).containsExactly(GapReason.TOO_LARGE);
    assertThat(other.gaps).isEmpty();
  }

  @Test
  void manyKeysThatReplayTheSameRangeShareTheReads() {
    Stage shared =
        new Stage(
            new RelaySettings(
                1 << 24,
                1 << 20,
                500,
                Duration.ofSeconds(30),
                4096,
                16384,
                1000,
                600,
                1 << 20,
                1 << 30,
                1 << 30,
                5),
            2);
    shared.topic(1);
    for (int i = 0; i < 1_000; i++) {
      shared.write(Stage.partition(0), "k" + i % 300, 20);
    }
    List<FakeClient> clients = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      FakeSocket socket = shared.socket();
      Selection selection = Stage.keyed("t", "k" + i, false);
      FakeClient client = new FakeClient(socket, shared.written, selection);
      shared
          .loops
          .get(i % 2)
          .open(socket, "owner" + i)
          .subscribe(
              new SubscribeRequest(selection, Stage.FORM, new From.Earliest(), Overflow.REPLAY),
              client);
      clients.add(client);
    }
    shared.settle();
    shared.poll();
    assertThat(clients)
        .allSatisfy(client -> {
          assertThat(client.records).isBetween(3, 4);
          assertThat(client.live).isEqualTo(1);
        });
    assertThat(shared.log.requests()).extracting(request -> request.from()).doesNotHaveDuplicates();
    assertThat(shared.relay.counters().replayReads()).isLessThan(100);
  }

  @Test
  void aScanIsLetGoWithTheLastFeedThatReadsItsPartition() {
    for (int i = 0; i < 20; i++) {
      stage.write(Stage.partition(0), "a", 30);
    }
    FakeClient client = stage.subscribe(Stage.keyed("t", "a", false), new From.Earliest());
    assertThat(client.records).isEqualTo(20);
    assertThat(stage.relay.windows(Isolation.READ_COMMITTED).bytesWithSlices()).isPositive();
    client.subscriber().close();
    stage.settle();
    stage.pass(Duration.ofSeconds(31));
    stage.poll();
    assertThat(stage.relay.counters().heldBytes()).isZero();
    assertThat(stage.leaked()).isZero();
  }
}
