package io.sluice.session;

import io.sluice.protocol.Event;
import java.time.Duration;

/**
 * What one client may use of this instance.
 *
 * @param maxMessageBytes the largest message from a client, in bytes
 * @param maxOutboundMessageBytes the largest message to a client that is no single record, in bytes
 * @param maxRecordBytes the largest record that is relayed or published, in bytes of key, headers
 *     and value
 * @param maxSubscriptions subscriptions of one connection, those being made included
 * @param maxUnacknowledgedBytes bytes of publishes that Kafka has not answered, 200 more for each;
 *     beyond it the socket is not read
 * @param heartbeat how often the gateway pings
 */
public record SessionLimits(
    int maxMessageBytes,
    int maxOutboundMessageBytes,
    int maxRecordBytes,
    int maxSubscriptions,
    long maxUnacknowledgedBytes,
    Duration heartbeat) {
  /** What {@code welcome} tells of it. */
  Event.Limits told() {
    return new Event.Limits(maxMessageBytes, maxRecordBytes, maxSubscriptions);
  }
}
