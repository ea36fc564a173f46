package io.sluice.app;

import io.sluice.kafka.KafkaLog;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayCounters;
import io.sluice.transport.TransportCounters;
import io.sluice.transport.WebSocketTransport;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the gateway does at this moment, as numbers by name: one that ends in {@code .total} only
 * grows, the others are levels. A relayed record counts once, however many subscribers get it. Any
 * thread.
 */
@Singleton
public final class GatewayNumbers implements Supplier<Map<String, Number>> {
  private final WebSocketTransport transport;
  private final Relay relay;
  private final KafkaLog log;

  GatewayNumbers(WebSocketTransport transport, Relay relay, KafkaLog log) {
    this.transport = transport;
    this.relay = relay;
    this.log = log;
  }

  @Override
  public Map<String, Number> get() {
    TransportCounters sockets = transport.counters();
    RelayCounters records = relay.counters();
    return Map.of(
        "connections", sockets.connections(),
        "subscriptions", records.subscribers(),
        "feeds", records.feeds(),
        "window.bytes", records.heldBytes(),
        "records.relayed.total", records.recordsEncoded(),
        "bytes.sent.total", sockets.bytesOut(),
        "records.published.total", log.counters().published.sum(),
        "bytes.received.total", sockets.bytesIn());
  }
}
