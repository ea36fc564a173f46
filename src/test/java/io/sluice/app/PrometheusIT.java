package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micronaut.http.netty.channel.EventLoopGroupRegistry;
import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.Gateway;
import io.sluice.testing.Json;
import io.sluice.testing.Scrape;
import io.sluice.testing.TestClient;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What clients do is seen at {@code /prometheus}. */
class PrometheusIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void whatAClientDoesIsCounted() throws Exception {
    Broker broker = Broker.shared();
    String topic = broker.topics().create("metrics", 1);
    try (Gateway gateway = Gateway.start(broker)) {
      try (TestClient client = TestClient.connect(gateway.ws())) {
        client.ask(Json.message("subscribe").put("channel", topic)).join();
        publish(client, topic, 1);
        client.await("records");

        Scrape seen = Scrape.of(gateway.ws());
        assertThat(seen.value("sluice_connections")).isEqualTo(1);
        assertThat(seen.value("sluice_subscriptions")).isEqualTo(1);
        assertThat(seen.value("sluice_subscriptions_behind")).isZero();
        assertThat(seen.value("sluice_feeds")).isEqualTo(1);
        assertThat(seen.value("sluice_encoded_records_total")).isEqualTo(1);
        assertThat(seen.value("sluice_delivered_records_total")).isEqualTo(1);
        assertThat(seen.value("sluice_delivered_bytes_total")).isPositive();
        assertThat(seen.value("sluice_live_records_total")).isEqualTo(1);
        assertThat(seen.value("sluice_live_lag_records")).isZero();
        assertThat(seen.value("sluice_publishes_total{outcome=\"stored\"}")).isEqualTo(1);
        assertThat(seen.value("sluice_publish_records_total")).isEqualTo(1);
        assertThat(seen.value("sluice_publish_bytes_total")).isEqualTo(1);
        assertThat(seen.value("sluice_received_bytes_total")).isPositive();
        assertThat(seen.value("sluice_sent_bytes_total")).isPositive();
        assertThat(seen.value("sluice_inbound_bytes")).isZero();
        assertThat(seen.value("sluice_window_bytes")).isPositive();
        assertThat(seen.value("sluice_kafka_available")).isEqualTo(1);
        assertThat(seen.value("sluice_draining")).isZero();
        assertThat(seen.value("jvm_threads_live_threads")).isPositive();
      }
      Eventually.until(
          () ->
              Scrape.of(gateway.ws()).value("sluice_connections_closed_total{code=\"1000\"}") == 1,
          PATIENCE,
          () -> "The close was not counted.");
      assertThat(Scrape.of(gateway.ws()).value("sluice_connections")).isZero();
    }
  }

  @Test
  void publishTimesAreAHistogram() {
    Broker broker = Broker.shared();
    String topic = broker.topics().create("times", 1);
    try (Gateway gateway = Gateway.start(broker);
        TestClient client = TestClient.connect(gateway.ws())) {
      for (int i = 0; i < 20; i++) {
        publish(client, topic, i);
      }
      Scrape seen = Scrape.of(gateway.ws());
      assertThat(seen.text()).contains("# TYPE sluice_publish_seconds histogram\n");
      List<MatchResult> buckets =
          Pattern.compile("(?m)^sluice_publish_seconds_bucket\\{le=\"(\\S+)\"} (\\d+)$")
              .matcher(seen.text())
              .results()
              .toList();
      assertThat(buckets).hasSize(16);
      assertThat(buckets.stream().map(each -> Long.parseLong(each.group(2))).toList()).isSorted();
      assertThat(buckets.getLast().group(1)).isEqualTo("+Inf");
      assertThat(buckets.getLast().group(2)).isEqualTo("20");
      assertThat(seen.value("sluice_publish_seconds_count")).isEqualTo(20);
      assertThat(seen.value("sluice_publish_seconds_sum")).isBetween(0.001, 20.0);
    }
  }

  @Test
  void aGapIsCountedByItsReason() {
    Broker broker = Broker.shared();
    String topic = broker.topics().create("gaps", 1);
    try (Gateway gateway = Gateway.start(broker, Map.of("sluice.relay.max-record-bytes", "100"));
        Gateway other = Gateway.start(broker);
        TestClient publisher = TestClient.connect(other.ws());
        TestClient first = TestClient.connect(gateway.ws());
        TestClient second = TestClient.connect(gateway.ws())) {
      first.ask(Json.message("subscribe").put("channel", topic)).join();
      second.ask(Json.message("subscribe").put("channel", topic)).join();
      ObjectNode large = Json.message("publish").put("channel", topic);
      publisher.ask(large.put("value", "x".repeat(200))).join();
      first.await("gap");
      second.await("gap");

      Scrape seen = Scrape.of(gateway.ws());
      assertThat(seen.value("sluice_gaps_total{reason=\"too-large\"}")).isEqualTo(1);
      assertThat(seen.value("sluice_gaps_total{reason=\"retention\"}")).isZero();
    }
  }

  @Test
  void whatKeepsAnEventLoopFromItsClientsIsAStall() {
    try (Gateway gateway = Gateway.start(Broker.shared());
        TestClient client = TestClient.connect(gateway.ws())) {
      client.ask(Json.message("ping")).join(); // its loop's clock ticks
      double before = Scrape.of(gateway.ws()).value("sluice_event_loop_stalled_seconds_total");
      long nanos = TimeUnit.MILLISECONDS.toNanos(1_500); // above the clock's longest period
      gateway
          .part(EventLoopGroupRegistry.class)
          .getDefaultEventLoopGroup()
          .forEach(loop -> loop.execute(() -> hold(nanos)));

      Eventually.until(
          () -> {
            Scrape seen = Scrape.of(gateway.ws());
            return seen.value("sluice_event_loop_stalls_total") >= 1
                && seen.value("sluice_event_loop_stalled_seconds_total") - before >= 0.4;
          },
          PATIENCE,
          () -> "No stall in " + Scrape.of(gateway.ws()));
    }
  }

  @Test
  void whatIsHalfReceivedIsCountedUntilItIsWholeOrGone() throws IOException {
    try (Gateway gateway = Gateway.start(Broker.shared())) {
      try (Socket socket = new HostileClient(gateway.ws().getPort()).connect()) {
        byte[] frame =
            new byte[8 + 600]; // text, masked with zeros, of 1,000 bytes, 600 of them here
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | 126);
        frame[2] = 1_000 >> 8;
        frame[3] = (byte) 1_000;
        Arrays.fill(frame, 8, frame.length, (byte) ' ');
        socket.getOutputStream().write(frame);
        awaitInbound(gateway, 600);
        socket.getOutputStream().write(new byte[] {' ', ' '});
        awaitInbound(gateway, 602);
      }
      awaitInbound(gateway, 0);
    }
  }

  private static void awaitInbound(Gateway gateway, int bytes) {
    Eventually.until(
        () -> Scrape.of(gateway.ws()).value("sluice_inbound_bytes") == bytes,
        PATIENCE,
        () -> "Not " + bytes + " in " + Scrape.of(gateway.ws()));
  }

  private static void hold(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  private static void publish(TestClient client, String topic, int value) {
    client.ask(Json.message("publish").put("channel", topic).put("value", value)).join();
  }
}
