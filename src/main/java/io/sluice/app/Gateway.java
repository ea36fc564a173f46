package io.sluice.app;

import io.micronaut.context.annotation.Context;
import io.sluice.kafka.KafkaLog;
import io.sluice.relay.Relay;
import io.sluice.transport.Connections;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;

/** Reads and writes Kafka from before the server opens its port until after it has closed it. */
@Context
final class Gateway {
  private final KafkaLog log;
  private final Relay relay;
  private final Connections connections;
  private final ShutdownConfiguration shutdown;

  /**
   * @param settings asked for first, so that a wrong setting is known before anything is started
   */
  Gateway(
      StrictSettings settings,
      KafkaLog log,
      Relay relay,
      Connections connections,
      ShutdownConfiguration shutdown) {
    this.log = log;
    this.relay = relay;
    this.connections = connections;
    this.shutdown = shutdown;
  }

  @PostConstruct
  void start() {
    log.availability().addListener(connections::onAvailability);
    log.start(relay.liveListener());
  }

  @PreDestroy
  void stop() {
    log.close(shutdown.timeout());
  }
}
