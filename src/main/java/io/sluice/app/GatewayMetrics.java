package io.sluice.app;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.kafka.KafkaCounters;
import io.sluice.kafka.KafkaLog;
import io.sluice.log.GapReason;
import io.sluice.logging.ProcessLog;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayCounters;
import io.sluice.transport.TransportCounters;
import io.sluice.transport.WebSocketTransport;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The rooms' counters under the names of {@code docs/operations.md}. They are read when somebody
 * scrapes; what the gateway does costs no call of a registry.
 */
@Singleton
final class GatewayMetrics {
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final WebSocketTransport transport;
  private final Relay relay;
  private final KafkaLog log;
  private final Drain drain;

  GatewayMetrics(WebSocketTransport transport, Relay relay, KafkaLog log, Drain drain) {
    this.transport = transport;
    this.relay = relay;
    this.log = log;
    this.drain = drain;
  }

  /** Makes all of them known to {@code registry}. */
  void bindTo(MeterRegistry registry) {
    bindClients(registry, transport.counters());
    bindRelay(registry, relay.counters());
    bindDelivery(registry, relay.counters());
    bindReading(registry, log.counters());
    bindPublishing(registry, log.counters());
    bindProcess(registry, transport.counters());
    gauge(
        registry,
        "sluice.kafka.available",
        "1 while the brokers answer, else 0",
        () -> log.availability().isAvailable() ? 1 : 0);
    counter(
        registry,
        "sluice.kafka.probe.failures",
        "questions whether they are there that brokers did not answer",
        log.counters().probeFailures::sum);
    gauge(
        registry,
        "sluice.draining",
        "1 once this instance is going away, else 0",
        () -> drain.isBegun() ? 1 : 0);
  }

  /** A histogram that is counted elsewhere is nothing that Micrometer knows; Prometheus does. */
  void bindHistograms(PrometheusMeterRegistry registry) {
    registry.getPrometheusRegistry().register(new PublishSeconds(log.counters().publishTime));
  }

  private void bindClients(MeterRegistry registry, TransportCounters sockets) {
    gauge(registry, "sluice.connections", "WebSockets that are open", sockets::connections);
    counter(registry, "sluice.connections.opened", "WebSockets that were opened", sockets::opened);
    for (String code : sockets.closeCodes()) {
      counter(
          registry,
          "sluice.connections.closed",
          "WebSockets that ended, by close code: the gateway's where it closed first, else the client's",
          () -> sockets.closedWith(code),
          "code",
          code);
    }
    counter(
        registry,
        "sluice.upgrades.refused",
        "requests for a WebSocket that were refused",
        sockets::refused);
    counter(registry, "sluice.messages.received", "messages from clients", sockets::messagesIn);
    counter(
        registry,
        "sluice.received.bytes",
        "bytes from clients: frame headers and bodies included, heads of HTTP not",
        sockets::bytesIn);
    counter(
        registry,
        "sluice.sent.bytes",
        "bytes to clients: frame headers and event streams included, heads of HTTP not",
        sockets::bytesOut);
    gauge(registry, "sluice.event.streams", "event streams that are open", sockets::streams);
    counter(
        registry,
        "sluice.event.streams.opened",
        "event streams that were opened",
        sockets::streamsOpened);
    counter(
        registry,
        "sluice.http.publishes",
        "requests to publish that were answered 200",
        sockets::httpPublishes);
    counter(
        registry,
        "sluice.http.refused",
        "requests about a channel over plain HTTP that were refused, or failed",
        sockets::httpRefused);
    gauge(
        registry,
        "sluice.inbound.bytes",
        "bytes of messages, and of bodies of requests, that clients have begun and not ended",
        sockets::inboundBytes);
  }

  private void bindRelay(MeterRegistry registry, RelayCounters relayed) {
    gauge(registry, "sluice.subscriptions", "subscriptions that exist", relayed::subscribers);
    gauge(
        registry,
        "sluice.subscriptions.behind",
        "those of them that are not at the head of their feed: they replay, or join its window",
        relayed::subscribersBehind);
    gauge(registry, "sluice.feeds", "feeds that exist, lingering ones included", relayed::feeds);
    gauge(
        registry,
        "sluice.window.bytes",
        "bytes of windows, replayed slices and waiting sockets: what `sluice.relay.window-bytes` bounds",
        relayed::heldBytes);
    counter(
        registry,
        "sluice.window.evictions",
        "pieces of windows (a few KiB to 256 KiB each) that they let go to stay inside their limits",
        relayed::evictions);
    counter(
        registry,
        "sluice.window.evicted.bytes",
        "bytes that windows let go to stay inside their limits",
        relayed::evictedBytes);
    counter(
        registry,
        "sluice.encoded.records",
        "records encoded for windows, once for all subscribers of a feed",
        relayed::recordsEncoded);
    counter(
        registry,
        "sluice.encoded.bytes",
        "bytes of frames put into windows",
        relayed::bytesEncoded);
    counter(
        registry, "sluice.wakeups", "tasks given to event loops as windows grew", relayed::wakeUps);
    overflow(registry, "replay", relayed::overflowReplays);
    overflow(registry, "skip", relayed::overflowSkips);
    overflow(registry, "end", relayed::overflowEnds);
  }

  private void bindDelivery(MeterRegistry registry, RelayCounters relayed) {
    counter(
        registry,
        "sluice.delivered.records",
        "records handed to sockets, once for each socket",
        relayed::recordsHandedOver);
    counter(
        registry,
        "sluice.delivered.bytes",
        "bytes of records handed to sockets",
        relayed::bytesHandedOver);
    for (GapReason reason : GapReason.values()) {
      counter(
          registry,
          "sluice.gaps",
          "stretches of offsets that were told not to come, by why: one that all subscribers of a feed"
              + " are told counts once, one that a single subscriber is told counts for it",
          () -> relayed.gaps(reason),
          "reason",
          reason.code());
    }
    counter(
        registry,
        "sluice.replay.reads",
        "slices read from Kafka for replays",
        relayed::replayReads);
    counter(
        registry,
        "sluice.replay.bytes",
        "bytes of records in those slices",
        relayed::replayBytesScanned);
    counter(
        registry,
        "sluice.replays.shared",
        "times that a replay took a slice which another one had asked for",
        relayed::replaysShared);
    counter(
        registry,
        "sluice.stalled.closed",
        "sockets closed because memory was short and they had stood longest",
        relayed::stalledClosed);
  }

  private void bindReading(MeterRegistry registry, KafkaCounters kafka) {
    counter(
        registry, "sluice.live.records", "records read at the head of the log", kafka.liveRecords);
    counter(
        registry, "sluice.live.bytes", "bytes of their keys, values and headers", kafka.liveBytes);
    gauge(
        registry,
        "sluice.live.lag.records",
        "records between the readers and the head of the log, of all partitions that are read,"
            + " summed over both isolations",
        kafka.liveLag::total);
    gauge(
        registry,
        "sluice.live.lag.max.records",
        "the same of the partition that has most",
        kafka.liveLag::largest);
    counter(
        registry,
        "sluice.live.failures",
        "polls at the head of the log that failed",
        kafka.liveFailures);
    counter(
        registry,
        "sluice.live.consumers.replaced",
        "consumers that were replaced after a failure",
        kafka.liveConsumersReplaced);
    counter(registry, "sluice.replay.failures", "replay reads that failed", kafka.replayFailures);
  }

  private void bindPublishing(MeterRegistry registry, KafkaCounters kafka) {
    counter(registry, "sluice.publish.records", "records that clients published", kafka.publishes);
    counter(
        registry,
        "sluice.publish.bytes",
        "bytes of their keys, values and headers",
        kafka.publishBytes);
    outcome(registry, "stored", kafka.published);
    outcome(registry, "unavailable", kafka.publishUnavailable);
    outcome(registry, "timeout", kafka.publishTimedOut);
    outcome(registry, "refused", kafka.publishRefused);
    counter(
        registry,
        "sluice.producers.replaced",
        "producers that were replaced after a fatal error",
        kafka.producersReplaced);
  }

  private void bindProcess(MeterRegistry registry, TransportCounters sockets) {
    counter(
        registry,
        "sluice.event.loop.stalls",
        "times that an event loop was kept from its tasks for more than 20 ms",
        sockets::stalls);
    seconds(
        registry,
        "sluice.event.loop.stalled.seconds",
        "how long event loops were kept from their tasks, those times",
        () -> sockets.stalledNanos() / NANOS_PER_SECOND);
    counter(
        registry,
        "sluice.log.suppressed",
        "log lines left out because there were more than ten of their kind in a second",
        ProcessLog::suppressed);
    counter(
        registry,
        "sluice.log.dropped",
        "log lines lost because nobody read standard output",
        ProcessLog::dropped);
  }

  private void overflow(MeterRegistry registry, String kind, LongSupplier value) {
    counter(
        registry,
        "sluice.overflows",
        "subscribers that fell out of the window, by what they chose",
        value,
        "kind",
        kind);
  }

  private void outcome(MeterRegistry registry, String outcome, LongAdder value) {
    counter(
        registry,
        "sluice.publishes",
        "publishes, by how they ended; after `timeout` nobody knows whether the record is stored",
        value::sum,
        "outcome",
        outcome);
  }

  private void counter(MeterRegistry registry, String name, String meaning, LongAdder value) {
    counter(registry, name, meaning, value::sum);
  }

  /** The registry holds {@code this} weakly: the context keeps it as long as the gateway runs. */
  private void counter(
      MeterRegistry registry, String name, String meaning, LongSupplier value, String... labels) {
    FunctionCounter.builder(name, this, self -> value.getAsLong())
        .description(meaning)
        .tags(labels)
        .register(registry);
  }

  private void seconds(MeterRegistry registry, String name, String meaning, DoubleSupplier value) {
    FunctionCounter.builder(name, this, self -> value.getAsDouble())
        .description(meaning)
        .register(registry);
  }

  private void gauge(MeterRegistry registry, String name, String meaning, LongSupplier value) {
    Gauge.builder(name, this, self -> value.getAsLong()).description(meaning).register(registry);
  }
}
