package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.util.Map;
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
  void aPartitionThatIsNotKnownHereYetIsWaitedForAtZeroAndRefusedBeyond() {
    Start.Known known = known(Map.of(ZERO, 7L), Map.of(), Map.of());
    assertThat(Start.of(Stage.at(7, 0), known)).isInstanceOf(Start.At.class);
    assertThat(Start.of(Stage.at(7, 1), known))
        .isEqualTo(new Start.Refused(new LogFailure.OffsetOutOfRange(Stage.partition(1), 1, 0, 0)));
  }

  private static Start.Known known(
      Map<Partition, Long> reading, Map<Partition, Long> heads, Map<Partition, Long> oldest) {
    return new Start.Known(TOPIC, reading, reading, heads, oldest);
  }
}
