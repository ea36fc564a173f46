package io.sluice.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.sluice.kafka.KafkaLog;
import io.sluice.relay.Relay;
import io.sluice.transport.Connections;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.util.Optional;

/** Reads and writes Kafka from before the server opens its port until after it has closed it. */
@Context
final class Gateway {
  private final KafkaLog log;
  private final Relay relay;
  private final Connections connections;
  private final ShutdownConfiguration shutdown;
  private final GatewayMetrics metrics;
  private final Optional<MeterRegistry> registry;

  /**
   * @param settings asked for first, so that a wrong setting is known before anything is started
   * @param registry empty where metrics are switched off
   */
  Gateway(
      StrictSettings settings,
      KafkaLog log,
      Relay relay,
      Connections connections,
      ShutdownConfiguration shutdown,
      GatewayMetrics metrics,
      Optional<MeterRegistry> registry) {
    this.log = log;
    this.relay = relay;
    this.connections = connections;
    this.shutdown = shutdown;
    this.metrics = metrics;
    this.registry = registry;
  }

  @PostConstruct
  void start() {
    registry.ifPresent(metrics::bindTo);
    log.availability().addListener(connections::onAvailability);
    log.start(relay.liveListener());
  }

  @PreDestroy
  void stop() {
    log.close(shutdown.timeout());
  }
}
