package io.sluice.checker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.checker.HistoryEvent.Acked;
import io.sluice.checker.HistoryEvent.Received;
import io.sluice.log.Partition;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long readers heard nothing. */
class SilenceTest {
  private static final Partition FIRST = new Partition("t", 0);
  private static final Partition SECOND = new Partition("t", 1);

  private final History history = History.inMemory("reader");

  private void receive(Partition partition, long... moments) {
    for (long at : moments) {
      history.append(new Received(at, "s", partition, at, "v"));
    }
  }

  private Silence longest(long from, long to) {
    return Silence.longest(List.of(history), from, to);
  }

  @Test
  void theLongestOfAllPartitionsIsFound() {
    receive(FIRST, 10, 20, 90, 100);
    receive(SECOND, 10, 50, 100);
    assertThat(longest(10, 100)).isEqualTo(new Silence("reader", FIRST, 20, Duration.ofNanos(70)));
  }

  @Test
  void anotherPartitionsRecordsEndNoSilence() {
    receive(FIRST, 10);
    receive(SECOND, 20, 30, 40, 50);
    receive(FIRST, 60);
    assertThat(longest(10, 61).length()).isEqualTo(Duration.ofNanos(50));
  }

  @Test
  void whatLiesOutsideDoesNotCount() {
    receive(FIRST, 10, 500, 510, 520, 900);
    assertThat(longest(505, 525))
        .isEqualTo(new Silence("reader", FIRST, 510, Duration.ofNanos(10)));
  }

  @Test
  void aSilenceThatHasNotEndedCountsUpToTheEnd() {
    receive(FIRST, 10, 20);
    assertThat(longest(10, 100)).isEqualTo(new Silence("reader", FIRST, 20, Duration.ofNanos(80)));
  }

  @Test
  void theLongestOfAllClientsIsFound() {
    receive(FIRST, 10, 20, 30);
    History other = History.inMemory("other");
    other.append(new Received(10, "s", FIRST, 0, "v"));
    other.append(new Received(25, "s", FIRST, 1, "v"));
    assertThat(Silence.longest(List.of(history, other), 10, 30).client()).isEqualTo("other");
  }

  @Test
  void aWriterHearsAcknowledgements() {
    history.append(new Acked(10, 1, FIRST, 0));
    history.append(new Acked(70, 2, FIRST, 1));
    assertThat(longest(10, 80).length()).isEqualTo(Duration.ofNanos(60));
  }

  @Test
  void withoutAnyRecordThereIsNothingToTell() {
    assertThatThrownBy(() -> longest(0, 100)).isInstanceOf(IllegalArgumentException.class);
  }
}
