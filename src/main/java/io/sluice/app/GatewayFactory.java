package io.sluice.app;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.sluice.channel.Channels;
import io.sluice.kafka.KafkaLog;
import io.sluice.kafka.KafkaSettings;
import io.sluice.relay.Relay;
import io.sluice.session.SessionLimits;
import io.sluice.transport.Connections;
import io.sluice.transport.FrameEncoders;
import io.sluice.transport.WebSocketTransport;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Puts the rooms together. */
@Factory
final class GatewayFactory {
  @Singleton
  KafkaSettings kafkaSettings(
      KafkaProperties properties, KafkaConfiguration configuration, Optional<LocalBroker> local) {
    Map<String, String> named = new HashMap<>(properties.byName());
    if (!properties.namesBrokers()) {
      LocalBroker broker =
          local.orElseThrow(
              () ->
                  new NoBrokersException(
                      "No brokers are configured: set KAFKA_BOOTSTRAP_SERVERS (kafka.bootstrap.servers) to host:port,"
                          + " several separated by commas. Only the development run brings a broker along."));
      named.put(KafkaProperties.BOOTSTRAP_SERVERS, broker.bootstrapServers());
    }
    return new KafkaSettings(
        named,
        configuration.replayConsumers(),
        configuration.publishQueueRecords(),
        configuration.publishQueueBytes());
  }

  @Singleton
  KafkaLog kafkaLog(KafkaSettings settings) {
    return new KafkaLog(settings);
  }

  @Singleton
  Relay relay(KafkaLog log, RelayConfiguration configuration) {
    return new Relay(
        configuration.settings(), log.live(), log.replay(), log.catalog(), new FrameEncoders(), System::nanoTime);
  }

  @Singleton
  Connections connections(Relay relay, WebSocketConfiguration configuration) {
    return new Connections(relay, configuration.heartbeat());
  }

  /** Made, and reading Kafka, before the server opens its port. */
  @Context
  @Bean(preDestroy = "refuseNew")
  WebSocketTransport transport(
      Relay relay,
      Connections connections,
      KafkaLog log,
      WebSocketConfiguration webSocket,
      SessionConfiguration session,
      RelayConfiguration relayConfiguration) {
    log.start(relay.liveListener());
    return new WebSocketTransport(
        webSocket.settings(),
        new SessionLimits(
            webSocket.maxMessageBytes(),
            relayConfiguration.maxRecordBytes(),
            session.maxSubscriptions(),
            session.maxUnacknowledgedBytes(),
            webSocket.heartbeat()),
        UUID.randomUUID().toString().substring(0, 8),
        new Channels(),
        connections,
        log.publisher(),
        log.availability());
  }

  /** Closes the clients of Kafka when the context ends, after the server. */
  @Singleton
  @Bean(preDestroy = "close")
  @Context
  Closing closing(KafkaLog log, ShutdownConfiguration configuration) {
    return new Closing(log, configuration.timeout());
  }

  /** Ends the reading and writing of Kafka. */
  record Closing(KafkaLog log, Duration budget) {
    void close() {
      log.close(budget);
    }
  }
}
