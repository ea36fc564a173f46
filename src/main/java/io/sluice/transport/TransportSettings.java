package io.sluice.transport;

import java.time.Duration;
import java.util.Set;

/**
 * How WebSockets are served.
 *
 * @param handshakeTimeout how long a new connection may take to its first whole request
 * @param heartbeat how often a peer is pinged; one that shows no life for two of them is closed
 * @param stallTimeout how long a socket may take no byte before it is closed (4408)
 * @param closeTimeout how long a peer may take to answer a close frame
 * @param maxMessageBytes the largest message from a peer, in bytes
 * @param echoEnabled whether {@code /v1/echo} is there
 * @param allowedOrigins origins beside the gateway's own host whose pages may connect, compared
 *     exactly
 */
public record TransportSettings(
    Duration handshakeTimeout,
    Duration heartbeat,
    Duration stallTimeout,
    Duration closeTimeout,
    int maxMessageBytes,
    boolean echoEnabled,
    Set<String> allowedOrigins) {
  public TransportSettings {
    allowedOrigins = Set.copyOf(allowedOrigins);
  }
}
