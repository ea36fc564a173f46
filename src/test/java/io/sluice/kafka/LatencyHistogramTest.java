package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In which bucket a time falls. */
class LatencyHistogramTest {
  private final LatencyHistogram histogram = new LatencyHistogram();

  @Test
  void aTimeFallsIntoTheFirstBucketThatReachesIt() {
    histogram.add(0);
    histogram.add(TimeUnit.MICROSECONDS.toNanos(500));
    histogram.add(TimeUnit.MICROSECONDS.toNanos(500) + 1);
    histogram.add(TimeUnit.MILLISECONDS.toNanos(7));
    histogram.add(TimeUnit.SECONDS.toNanos(15));
    long[] counts = histogram.counts();
    assertThat(counts[at(0.0005)]).isEqualTo(2);
    assertThat(counts[at(0.001)]).isEqualTo(1);
    assertThat(counts[at(0.01)]).isEqualTo(1);
    assertThat(counts[at(20)]).isEqualTo(1);
    assertThat(Arrays.stream(counts).sum()).isEqualTo(5);
    assertThat(histogram.seconds()).isBetween(15.007, 15.009);
  }

  @Test
  void whatTakesLongerThanAllBoundsIsInTheLast() {
    histogram.add(TimeUnit.HOURS.toNanos(1));
    assertThat(histogram.counts()).hasSize(histogram.bounds().length + 1);
    assertThat(histogram.counts()[histogram.bounds().length]).isEqualTo(1);
  }

  @Test
  void theBoundsRise() {
    assertThat(histogram.bounds()).isSorted().doesNotHaveDuplicates();
  }

  private int at(double bound) {
    int index = Arrays.binarySearch(histogram.bounds(), bound);
    assertThat(index).isNotNegative();
    return index;
  }
}
