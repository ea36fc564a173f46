package io.sluice.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a late tick is a stall, and how often the clock ticks. */
class StallClockTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final TransportCounters counters = new TransportCounters();
  private long now = Long.MAX_VALUE - 100 * MILLI; // the clock may pass the largest number
  private long wait;
  private @Nullable Runnable set;
  private final StallClock clock =
      new StallClock(
          (nanos, task) -> {
            set = task;
            wait = nanos;
            return CompletableFuture.completedFuture(null);
          },
          counters,
          () -> now);

  @Test
  void aTickInTimeIsNoStall() {
    clock.start();
    for (int late : new int[] {0, 1, 20}) {
      tick(late);
    }
    assertThat(counters.stalls()).isZero();
    assertThat(counters.stalledNanos()).isZero();
  }

  @Test
  void aTickThatIsMoreThan20MillisecondsLateIsOne() {
    clock.start();
    tick(21);
    tick(0);
    tick(300);
    assertThat(counters.stalls()).isEqualTo(2);
    assertThat(counters.stalledNanos()).isEqualTo(321 * MILLI);
  }

  @Test
  void itTicksEvery20MillisecondsWhileBytesMove() {
    clock.start();
    for (int i = 0; i < 100; i++) {
      (i % 2 == 0 ? counters.bytesIn : counters.bytesOut).increment();
      tick(0);
      assertThat(wait).isEqualTo(20 * MILLI);
    }
  }

  @Test
  void itTicksOnceASecondWhileNothingMovesAndOftenAgainAfterwards() {
    clock.start();
    for (int i = 0; i < 10; i++) {
      tick(0);
    }
    assertThat(wait).isEqualTo(1_000 * MILLI);
    counters.bytesOut.increment();
    tick(0);
    assertThat(wait).isEqualTo(20 * MILLI);
  }

  private void tick(long lateMillis) {
    now += wait + lateMillis * MILLI;
    if (set == null) {
      throw new AssertionError("No tick is set.");
    }
    set.run();
  }
}
