package io.sluice.app;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.sluice.kafka.LatencyHistogram;

/**
 * {@code sluice_publish_seconds}, made of what {@code io.sluice.kafka} has counted when somebody
 * scrapes. Any thread.
 */
final class PublishSeconds implements Collector {
  private static final String NAME = "sluice_publish_seconds";

  private final LatencyHistogram counted;

  PublishSeconds(LatencyHistogram counted) {
    this.counted = counted;
  }

  @Override
  public MetricSnapshot collect() {
    double[] bounds = counted.bounds();
    long[] counts = counted.counts();
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    for (int i = 0; i < counts.length; i++) {
      buckets.bucket(i < bounds.length ? bounds[i] : Double.POSITIVE_INFINITY, counts[i]);
    }
    return HistogramSnapshot.builder()
        .name(NAME)
        .help(
            "how long publishes took from the command to the outcome, whatever it was; those refused at once are"
                + " not among them")
        .dataPoint(
            HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets.build())
                .sum(counted.seconds())
                .build())
        .build();
  }

  @Override
  public String getPrometheusName() {
    return NAME;
  }
}
