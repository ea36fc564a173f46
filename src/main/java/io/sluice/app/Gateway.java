package io.sluice.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.annotation.Context;
import io.sluice.channel.Channels;
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
  private final Optional<PrometheusMeterRegistry> prometheus;

  /**
   * @param settings asked for first, and then the address and the channels, so that a wrong setting
   *     is known before anything is started
   * @param registry empty where metrics are switched off
   * @param prometheus the part of it that is scraped
   */
  Gateway(
      StrictSettings settings,
      ServerAddress address,
      Channels channels,
      KafkaLog log,
      Relay relay,
      Connections connections,
      ShutdownConfiguration shutdown,
      GatewayMetrics metrics,
      Optional<MeterRegistry> registry,
      Optional<PrometheusMeterRegistry> prometheus) {
    this.log = log;
    this.relay = relay;
    this.connections = connections;
    this.shutdown = shutdown;
    this.metrics = metrics;
    this.registry = registry;
    this.prometheus = prometheus;
  }

  @PostConstruct
  void start() {
    registry.ifPresent(metrics::bindTo);
    prometheus.ifPresent(metrics::bindHistograms);
    log.availability().addListener(connections::onAvailability);
    log.start(relay::liveListener);
  }

  @PreDestroy
  void stop() {
    log.close(shutdown.timeout());
  }
}
