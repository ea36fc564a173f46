package io.sluice.app;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import io.sluice.kafka.KafkaLog;
import jakarta.inject.Singleton;
import java.util.Map;
import org.reactivestreams.Publisher;

/**
 * Whether a balancer should send clients here: Kafka answers, and this instance is not going away.
 * Liveness does not ask: a restart brings no broker back.
 */
@Singleton
@Readiness
final class GatewayReadiness implements HealthIndicator {
  private final KafkaLog log;
  private final Drain drain;

  GatewayReadiness(KafkaLog log, Drain drain) {
    this.log = log;
    this.drain = drain;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    boolean reachable = log.availability().isAvailable();
    boolean draining = drain.isBegun();
    return Publishers.just(
        HealthResult.builder(
                "gateway", reachable && !draining ? HealthStatus.UP : HealthStatus.DOWN)
            .details(
                Map.of(
                    "kafka",
                    reachable ? "available" : "unavailable",
                    "kafkaSince",
                    log.availability().since().toString(),
                    "draining",
                    draining))
            .build());
  }
}
