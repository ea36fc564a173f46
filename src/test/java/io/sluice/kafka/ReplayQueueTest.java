package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.kafka.ReplayQueue.Job;
import io.sluice.log.Batch;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.ReplayLog;
import org.junit.jupiter.api.Test;

class ReplayQueueTest {
  private static final Partition A = new Partition("a", 0);
  private static final Partition B = new Partition("b", 0);

  private final ReplayQueue queue = new ReplayQueue(2);

  @Test
  void slicesAreTakenInTheOrderOfTheirArrival() throws InterruptedException {
    Job first = offer(A, 0);
    Job second = offer(B, 0);
    assertThat(queue.take(0, 1)).isSameAs(first);
    assertThat(queue.take(1, 1)).isSameAs(second);
    assertThat(queue.take(0, 1)).isNull();
  }

  @Test
  void aReaderPrefersTheSliceThatGoesOnWhereItStands() throws InterruptedException {
    Job other = offer(A, 0);
    Job following = offer(B, 50);
    queue.standsAt(0, B, 50);
    assertThat(queue.take(0, 1)).isSameAs(following);
    assertThat(queue.take(0, 1)).isSameAs(other);
  }

  @Test
  void theFirstSliceIsPassedOverSoManyTimesAndNoMore() throws InterruptedException {
    Job waiting = offer(A, 0);
    for (int slice = 0; slice < ReplayQueue.PASSED_OVER; slice++) {
      Job following = offer(B, slice);
      queue.standsAt(0, B, slice);
      assertThat(queue.take(0, 1)).isSameAs(following);
    }
    offer(B, ReplayQueue.PASSED_OVER);
    queue.standsAt(0, B, ReplayQueue.PASSED_OVER);
    assertThat(queue.take(0, 1)).isSameAs(waiting);
  }

  @Test
  void aSliceIsKeptForTheReaderThatHasJustReadWhatLiesBeforeIt() throws InterruptedException {
    queue.standsAt(0, A, 10);
    Job following = offer(A, 10);
    assertThat(queue.take(1, 1)).isNull();
    assertThat(queue.take(0, 1)).isSameAs(following);
  }

  @Test
  void aReaderThatLeftItsPartitionIsNoBetterThanAnother() throws InterruptedException {
    queue.standsAt(0, A, 10);
    queue.standsNowhere(0);
    Job slice = offer(A, 10);
    assertThat(queue.take(1, 1)).isSameAs(slice);
  }

  @Test
  void aClosedQueueGivesBackWhatNobodyTookAndTakesNothing() throws InterruptedException {
    Job left = offer(A, 0);
    assertThat(queue.close()).containsExactly(left);
    assertThat(queue.offer(job(B, 0))).isFalse();
    assertThat(queue.take(0, 60_000)).isNull();
    assertThat(queue.isClosed()).isTrue();
  }

  private Job offer(Partition partition, long from) {
    Job job = job(partition, from);
    assertThat(queue.offer(job)).isTrue();
    return job;
  }

  private static Job job(Partition partition, long from) {
    return new Job(
        new ReplayLog.Request(partition, from, from + 1, 1),
        new ReplayLog.Handler() {
          @Override
          public void onBatch(Batch batch) {}

          @Override
          public void onFailure(LogFailure failure) {}
        });
  }
}
