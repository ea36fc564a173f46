package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StartTest {
  private static final Partition ZERO = Stage.partition(0);
  private static final Topic TOPIC = new Topic("t", new TopicId("id"), 1);

  @Test
  void latestOfAPartitionNobodyReadsNeedsItsHead() {
    assertThat(Start.of(new From.Latest(), known(Map.of(), Map.of(), Map.of())))
        .isEqualTo(new Start.Missing(Set.of(ZERO), Set.of()));
  }

  @Test
  void latestOfAPartitionThatIsReadIsWhereItsReaderStands() {
    assertThat(Start.of(new From.Latest(), known(Map.of(ZERO, 7L), Map.of(), Map.of())))
        .isInstanceOfSatisfying(
            Start.At.class, at -> assertThat(at.from()).containsEntry(ZERO, 7L));
  }

  @Test
  void aPositionBetweenTheReaderAndTheHeadIsTaken() {
    Start start =
        Start.of(Stage.at(9), known(Map.of(ZERO, 7L), Map.of(ZERO, 9L), Map.of(ZERO, 0L)));
    assertThat(start)
        .isInstanceOfSatisfying(
            Start.At.class, at -> assertThat(at.from()).containsEntry(ZERO, 9L));
  }

  @Test
  void aPartitionThatIsNotKnownHereYetIsWaitedForAtZeroAndAskedForBeyond() {
    Start.Known known = known(Map.of(ZERO, 7L), Map.of(), Map.of());
    assertThat(Start.of(Stage.at(7, 0), known)).isInstanceOf(Start.At.class);
    assertThat(Start.of(Stage.at(7, 1), known)).isEqualTo(new Start.Unsure(Set.of("t")));
    assertThat(Start.of(Stage.at(7, 1), sure(known)))
        .isEqualTo(new Start.Refused(new LogFailure.OffsetOutOfRange(Stage.partition(1), 1, 0, 0)));
  }

  @Test
  void aTopicThatSeemsToBeAnotherIsAskedForBeforeThatIsTold() {
    Start.Known known = known(Map.of(ZERO, 7L), Map.of(ZERO, 7L), Map.of(ZERO, 0L));
    From before = new From.At(new Positions(Map.of(ZERO, 5L)), Map.of("t", new TopicId("old")));
    assertThat(Start.of(before, known)).isEqualTo(new Start.Unsure(Set.of("t")));
    assertThat(Start.of(before, sure(known)))
        .isInstanceOfSatisfying(
            Start.At.class,
            at ->
                assertThat(at.gaps())
                    .containsExactly(new Gap(ZERO, 5, Gap.UNKNOWN, GapReason.TOPIC_RECREATED)));
  }

  @Test
  void ofPartitionsThatAreNotThereNoGapIsTold() {
    Map<Partition, Long> many = new HashMap<>();
    for (int i = 0; i < 1_000; i++) {
      many.put(Stage.partition(i), 3L);
    }
    From flood = new From.At(new Positions(many), Map.of("t", new TopicId("old")));
    Start.Known known = known(Map.of(ZERO, 7L), Map.of(ZERO, 7L), Map.of(ZERO, 0L));
    assertThat(Start.of(flood, sure(known)))
        .isInstanceOfSatisfying(Start.At.class, at -> assertThat(at.gaps()).hasSize(1));
  }

  private static Start.Known sure(Start.Known known) {
    return new Start.Known(
        known.topics(),
        Set.of("t"),
        known.partitions(),
        known.reading(),
        known.retained(),
        known.heads(),
        known.oldest(),
        known.since());
  }

  @Test
  void tailNeedsTheHeadAndTheOldestAlsoOfWhatIsRead() {
    assertThat(Start.of(new From.Tail(3), known(Map.of(ZERO, 7L), Map.of(), Map.of())))
        .isEqualTo(new Start.Missing(Set.of(ZERO), Set.of(ZERO)));
  }

  @Test
  void tailBeginsSoManyBeforeTheHeadAndNotBeforeTheOldest() {
    assertThat(fromOf(new From.Tail(3), known(Map.of(), Map.of(ZERO, 9L), Map.of(ZERO, 0L))))
        .containsEntry(ZERO, 6L);
    assertThat(fromOf(new From.Tail(3), known(Map.of(), Map.of(ZERO, 9L), Map.of(ZERO, 8L))))
        .containsEntry(ZERO, 8L);
    assertThat(fromOf(new From.Tail(30), known(Map.of(), Map.of(ZERO, 9L), Map.of(ZERO, 0L))))
        .containsEntry(ZERO, 0L);
  }

  @Test
  void tailIsCountedFromTheReaderWhereThatHasPassedTheHeadThatWasFound() {
    Start.Known known = known(Map.of(ZERO, 12L), Map.of(ZERO, 9L), Map.of(ZERO, 0L));
    assertThat(fromOf(new From.Tail(3), known)).containsEntry(ZERO, 9L);
  }

  @Test
  void tailInsideTheWindowDoesNotNeedTheOldest() {
    Start.Known known =
        new Start.Known(
            Map.of("t", TOPIC),
            Set.of(),
            TOPIC.partitions(),
            Map.of(ZERO, 9L),
            Map.of(ZERO, 6L),
            Map.of(ZERO, 9L),
            Map.of(),
            Map.of());
    assertThat(fromOf(new From.Tail(3), known)).containsEntry(ZERO, 6L);
    assertThat(Start.of(new From.Tail(4), known))
        .isEqualTo(new Start.Missing(Set.of(), Set.of(ZERO)));
  }

  @Test
  void timestampLooksUpTheHeadBeforeTheTime() {
    From since = new From.Timestamp(1000);
    assertThat(Start.of(since, known(Map.of(ZERO, 7L), Map.of(), Map.of())))
        .isEqualTo(new Start.Missing(Set.of(ZERO), Set.of()));
    assertThat(Start.of(since, known(Map.of(ZERO, 7L), Map.of(ZERO, 9L), Map.of())))
        .isEqualTo(new Start.MissingSince(1000, Set.of(ZERO)));
  }

  @Test
  void timestampBeginsAtWhatWasFoundElseAtTheHeadThatWasFoundBefore() {
    assertThat(fromOf(new From.Timestamp(1000), since(OptionalLong.of(4)))).containsEntry(ZERO, 4L);
    assertThat(fromOf(new From.Timestamp(1000), since(OptionalLong.empty())))
        .containsEntry(ZERO, 9L);
  }

  private static Start.Known since(OptionalLong first) {
    return new Start.Known(
        Map.of("t", TOPIC),
        Set.of(),
        TOPIC.partitions(),
        Map.of(ZERO, 12L),
        Map.of(ZERO, 12L),
        Map.of(ZERO, 9L),
        Map.of(),
        Map.of(ZERO, first));
  }

  private static Map<Partition, Long> fromOf(From from, Start.Known known) {
    assertThat(Start.of(from, known)).isInstanceOf(Start.At.class);
    return ((Start.At) Start.of(from, known)).from();
  }

  private static Start.Known known(
      Map<Partition, Long> reading, Map<Partition, Long> heads, Map<Partition, Long> oldest) {
    return new Start.Known(
        Map.of("t", TOPIC),
        Set.of(),
        TOPIC.partitions(),
        reading,
        reading,
        heads,
        oldest,
        Map.of());
  }
}
