package io.sluice.app;

import io.sluice.relay.Relay;
import io.sluice.relay.RelayCounters;
import io.sluice.transport.TransportCounters;
import io.sluice.transport.WebSocketTransport;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the gateway does at this moment, as numbers by name: one that ends in {@code .total} only grows, the others are
 * levels. Any thread.
 */
@Singleton
public final class GatewayNumbers implements Supplier<Map<String, Number>> {
  private final WebSocketTransport transport;
  private final Relay relay;

  GatewayNumbers(WebSocketTransport transport, Relay relay) {
    this.transport = transport;
    this.relay = relay;
  }

  @Override
  public Map<String, Number> get() {
    TransportCounters sockets = transport.counters();
    RelayCounters records = relay.counters();
    return Map.of(
        "connections", sockets.connections(),
        "subscribers", records.subscribers(),
        "feeds", records.feeds(),
        "messages.in.total", sockets.messagesIn(),
        "bytes.in.total", sockets.bytesIn(),
        "bytes.out.total", sockets.bytesOut(),
        "records.encoded.total", records.recordsEncoded(),
        "window.bytes", records.heldBytes());
  }
}
