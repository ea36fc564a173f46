package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AvailabilityProbeTest {
  private final KafkaCounters counters = new KafkaCounters();
  private final CompletableFuture<Throwable> fatal = new CompletableFuture<>();
  private volatile @Nullable Error error;
  private boolean answers = true;
  private final AvailabilityProbe probe =
      new AvailabilityProbe(
          () -> {
            if (error != null) {
              throw error;
            }
            if (answers) {
              return true;
            }
            throw new TimeoutException();
          },
          () -> {},
          counters,
          fatal::complete);
  private final List<Boolean> changes = new ArrayList<>();

  @AfterEach
  void close() {
    probe.close();
  }

  @Test
  void twoFailuresInARowMeanUnavailableAndOneSuccessMeansAvailable() {
    probe.addListener(changes::add);
    probe.probe();
    answers = false;
    probe.probe();
    assertThat(probe.isAvailable()).isTrue();
    probe.probe();
    assertThat(probe.isAvailable()).isFalse();
    probe.probe();
    answers = true;
    probe.probe();
    assertThat(probe.isAvailable()).isTrue();
    assertThat(changes).containsExactly(false, true);
    assertThat(counters.probeFailures.sum()).isEqualTo(3);
  }

  @Test
  void aSuccessBetweenTwoFailuresKeepsItAvailable() {
    answers = false;
    probe.probe();
    answers = true;
    probe.probe();
    answers = false;
    probe.probe();
    assertThat(probe.isAvailable()).isTrue();
  }

  @Test
  void anErrorIsToldToWhoeverEndsTheProcess() {
    OutOfMemoryError noMemory = new OutOfMemoryError("no thread");
    error = noMemory;
    probe.start();
    assertThat(OpenLog.await(fatal)).isSameAs(noMemory);
  }

  @Test
  void aListenerThatFailsDoesNotKeepTheNewsFromTheOthers() {
    probe.addListener(now -> {
      throw new IllegalStateException("a test's own mistake");
    });
    probe.addListener(changes::add);
    answers = false;
    probe.probe();
    probe.probe();
    assertThat(changes).containsExactly(false);
  }
}
