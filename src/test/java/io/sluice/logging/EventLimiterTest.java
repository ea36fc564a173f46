package io.sluice.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.logging.EventLimiter.Kind;
import io.sluice.logging.EventLimiter.Suppressed;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How many events of a kind become lines. */
class EventLimiterTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final Kind BROKEN_RULE = new Kind("a.B", "INFO", "A client broke a rule: {}");
  private static final Kind REFUSED = new Kind("a.B", "INFO", "Refused: {}");

  private final EventLimiter limiter = new EventLimiter();

  @Test
  void tenOfAKindPassInASecondAndEveryOtherKindToo() {
    assertThat(admitted(BROKEN_RULE, 1_000, 0)).isEqualTo(10);
    assertThat(admitted(REFUSED, 1_000, 0)).isEqualTo(10);
    assertThat(limiter.suppressed()).isEqualTo(1_980);
  }

  @Test
  void inNoSecondDoMoreThanTenPass() {
    ArrayDeque<Long> passed = new ArrayDeque<>();
    Random random = new Random(7);
    long now = Long.MAX_VALUE - SECOND; // the clock may pass the largest number
    for (int i = 0; i < 20_000; i++) {
      now += random.nextLong(SECOND / 50);
      if (limiter.admits(BROKEN_RULE, now)) {
        passed.addLast(now);
      }
      while (!passed.isEmpty() && now - passed.getFirst() >= SECOND) {
        passed.removeFirst();
      }
      assertThat(passed.size()).isLessThanOrEqualTo(10);
    }
    assertThat(limiter.suppressed()).isPositive();
  }

  @Test
  void whatIsLeftOutIsToldOnceItIsASecondOld() {
    admitted(BROKEN_RULE, 25, 0);
    assertThat(limiter.settle(SECOND - 1)).isEmpty();
    assertThat(limiter.settle(SECOND)).containsExactly(new Suppressed(BROKEN_RULE, 15));
    assertThat(limiter.settle(5 * SECOND)).isEmpty();
  }

  @Test
  void aKindMayPassAgainAfterASecond() {
    admitted(BROKEN_RULE, 25, 0);
    assertThat(admitted(BROKEN_RULE, 25, SECOND - 1)).isZero();
    assertThat(admitted(BROKEN_RULE, 25, SECOND)).isEqualTo(10);
  }

  @Test
  void whatWasLeftOutIsStillToldWhereKindsAreForgotten() {
    admitted(BROKEN_RULE, 11, 0);
    limiter.admits(REFUSED, 0);
    assertThat(limiter.settle(2 * SECOND)).containsExactly(new Suppressed(BROKEN_RULE, 1));
    assertThat(admitted(REFUSED, 20, 2 * SECOND)).isEqualTo(10);
  }

  @Test
  void kindsWithoutEndShareOneAllowance() {
    int passed = 0;
    for (int i = 0; i < 100_000; i++) {
      passed += limiter.admits(new Kind("library", "WARN", "failed for " + i), 0) ? 1 : 0;
    }
    assertThat(passed).isEqualTo(1_010);
    assertThat(limiter.settle(SECOND))
        .containsExactly(new Suppressed(new Kind("library", "WARN", "(any other)"), 98_990));
  }

  private int admitted(Kind kind, int times, long now) {
    int passed = 0;
    for (int i = 0; i < times; i++) {
      passed += limiter.admits(kind, now) ? 1 : 0;
    }
    return passed;
  }
}
