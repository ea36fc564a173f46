package io.sluice.testing;

import io.sluice.log.Availability;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Kafka is there, always. */
public final class AvailableKafka implements Availability {
  @Override
  public boolean isAvailable() {
    return true;
  }

  @Override
  public CompletionStage<Boolean> first() {
    return CompletableFuture.completedFuture(true);
  }

  @Override
  public Instant since() {
    return Instant.EPOCH;
  }

  @Override
  public void addListener(Consumer<Boolean> listener) {}
}
