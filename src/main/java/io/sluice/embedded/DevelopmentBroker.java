package io.sluice.embedded;

import io.sluice.app.LocalBroker;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded broker as the gateway's own: started when somebody asks for brokers, stopped with
 * the process.
 */
@Singleton
final class DevelopmentBroker implements LocalBroker {
  private static final Logger LOG = LoggerFactory.getLogger(DevelopmentBroker.class);

  private final EmbeddedKafkaConfiguration configuration;

  /** The broker; null until it is asked for. */
  private @Nullable EmbeddedKafka broker;

  DevelopmentBroker(EmbeddedKafkaConfiguration configuration) {
    this.configuration = configuration;
  }

  @Override
  public synchronized String bootstrapServers() {
    if (broker == null) {
      broker = EmbeddedKafka.start(configuration.settings());
      LOG.info(
          "Embedded Kafka listens at {} for every Kafka tool{}; its data is in {}.",
          broker.bootstrapServers(),
          configuration.port() == 0 || broker.port() == configuration.port()
              ? ""
              : " (port " + configuration.port() + " was taken)",
          broker.directory());
    }
    return broker.bootstrapServers();
  }

  @Override
  public synchronized @Nullable Path directory() {
    return broker == null ? null : broker.directory();
  }

  /** Whether somebody asked for it. */
  synchronized boolean isRunning() {
    return broker != null;
  }

  @PreDestroy
  synchronized void stop() {
    if (broker != null) {
      broker.close();
    }
  }
}
