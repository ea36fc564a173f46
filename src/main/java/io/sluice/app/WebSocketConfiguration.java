package io.sluice.app;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.sluice.transport.TransportSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * {@code sluice.websocket.*}: how WebSockets are served.
 *
 * @param handshakeTimeout how long a new connection may take to its first whole request
 * @param heartbeat how often a peer is pinged; one that shows no life for two of them is closed
 * @param stallTimeout how long a socket may take no byte before it is closed with 4408
 * @param closeTimeout how long a peer may take to answer a close frame
 * @param maxMessageBytes the largest message from a client: a record of 1 MiB fits in, also as
 *     base64
 * @param maxOutboundMessageBytes the largest {@code records} message; a larger record comes alone
 * @param echoEnabled whether {@code /v1/echo} is there, for conformance suites and probes
 * @param allowedOrigins origins beside the gateway's own host whose pages may connect, compared
 *     exactly
 */
@ConfigurationProperties("sluice.websocket")
record WebSocketConfiguration(
    @Bindable(defaultValue = "10s") Duration handshakeTimeout,
    @Bindable(defaultValue = "20s") Duration heartbeat,
    @Bindable(defaultValue = "60s") Duration stallTimeout,
    @Bindable(defaultValue = "5s") Duration closeTimeout,
    @Bindable(defaultValue = "2097152") int maxMessageBytes,
    @Bindable(defaultValue = "262144") int maxOutboundMessageBytes,
    @Bindable(defaultValue = "false") boolean echoEnabled,
    @Bindable(defaultValue = "") List<String> allowedOrigins) {
  WebSocketConfiguration {
    Settings.positive("sluice.websocket.handshake-timeout", handshakeTimeout);
    Settings.positive("sluice.websocket.heartbeat", heartbeat);
    Settings.positive("sluice.websocket.stall-timeout", stallTimeout);
    Settings.positive("sluice.websocket.close-timeout", closeTimeout);
    Settings.within("sluice.websocket.max-message-bytes", maxMessageBytes, 1024, 1 << 30);
    Settings.within(
        "sluice.websocket.max-outbound-message-bytes", maxOutboundMessageBytes, 1024, 1 << 30);
    allowedOrigins = allowedOrigins.stream().filter(it -> !it.isBlank()).toList();
    allowedOrigins.forEach(it -> Settings.origin("sluice.websocket.allowed-origins", it));
  }

  TransportSettings settings() {
    return new TransportSettings(
        handshakeTimeout,
        heartbeat,
        stallTimeout,
        closeTimeout,
        maxMessageBytes,
        echoEnabled,
        Set.copyOf(allowedOrigins));
  }
}
