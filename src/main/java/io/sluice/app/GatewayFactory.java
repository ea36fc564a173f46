package io.sluice.app;

import io.micronaut.context.annotation.Factory;
import io.sluice.channel.ChannelSettings;
import io.sluice.channel.Channels;
import io.sluice.kafka.KafkaLog;
import io.sluice.kafka.KafkaSettings;
import io.sluice.logging.ProcessLog;
import io.sluice.relay.Relay;
import io.sluice.session.ExistingChannels;
import io.sluice.session.Session;
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
          local.orElseThrow(() ->
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

  /**
   * @throws SettingException where a channel makes no sense, or not together with what else is set
   */
  @Singleton
  Channels channels(
      ConfiguredChannels configured, ChannelsConfiguration configuration, KafkaProperties kafka) {
    for (ChannelSettings channel : configured.all()) {
      if (channel.rules().keyPartitioned()) {
        kafka
            .partitioner()
            .ifPresent(setting -> {
              throw new SettingException(
                  channel.setting("key-partitioned")
                      + " is true; it must be false while "
                      + setting
                      + " is set, or keys are not where they are looked for.");
            });
      }
    }
    return new Channels(configured.all(), configuration.isByTopic(!configured.all().isEmpty()));
  }

  /**
   * An error that ends a reader ends the process, which a supervisor starts again: limping it would
   * look healthy.
   */
  @Singleton
  KafkaLog kafkaLog(KafkaSettings settings, Channels channels) {
    return new KafkaLog(settings, channels.isolations(), fatal -> endProcess());
  }

  private static void endProcess() {
    try {
      ProcessLog.flush(Duration.ofSeconds(1)); // the line that tells why
    } finally {
      Runtime.getRuntime().halt(1);
    }
  }

  @Singleton
  Relay relay(KafkaLog log, RelayConfiguration configuration, WebSocketConfiguration webSocket) {
    return new Relay(
        configuration.settings(webSocket.maxOutboundMessageBytes()),
        log.readable(),
        new FrameEncoders(),
        System::nanoTime);
  }

  @Singleton
  Connections connections(Relay relay, WebSocketConfiguration configuration) {
    return new Connections(relay, configuration.heartbeat());
  }

  @Singleton
  WebSocketTransport transport(
      Connections connections,
      KafkaLog log,
      WebSocketConfiguration webSocket,
      SessionConfiguration session,
      RelayConfiguration relay,
      Channels channels) {
    String instance = UUID.randomUUID().toString().substring(0, 8);
    SessionLimits limits =
        new SessionLimits(
            webSocket.maxMessageBytes(),
            webSocket.maxOutboundMessageBytes(),
            relay.maxRecordBytes(),
            session.maxSubscriptions(),
            session.maxUnacknowledgedBytes(),
            webSocket.heartbeat());
    Session.Services services =
        new Session.Services(
            instance, limits, channels, log.publisher(), log.catalog(), log.availability());
    return new WebSocketTransport(
        webSocket.settings(),
        instance,
        connections,
        (client, loop) -> new Session(client, loop, services),
        new ExistingChannels(channels, log.catalog(), log.availability()));
  }
}
