package io.sluice.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.checker.History;
import io.sluice.checker.HistoryEvent.Acked;
import io.sluice.checker.HistoryEvent.Connected;
import io.sluice.checker.HistoryEvent.Refused;
import io.sluice.checker.HistoryEvent.Sent;
import io.sluice.checker.HistoryEvent.Unknown;
import io.sluice.checker.Payload;
import io.sluice.log.Partition;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Sends payloads that tell where they belong, at a steady rate, and keeps in its history what
 * became of each. Through a gateway ({@link #through}) or past it, with a plain producer ({@link
 * #direct}).
 */
public final class Writer implements AutoCloseable {
  /** Only these leave it open whether the record is stored (PROTOCOL §2, "Errors"). */
  private static final Set<String> UNKNOWN_OUTCOMES = Set.of("timeout", "internal");

  /** Sends one record and tells its outcome into the history. */
  @FunctionalInterface
  private interface Way {
    void send(long number, String key, String value);
  }

  private final History history;
  private final String topic;
  private final int bytes;
  private final ScheduledExecutorService clock;
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong outcomes = new AtomicLong();
  private final AtomicInteger keys = new AtomicInteger();
  private Future<?> ticking = CompletableFuture.completedFuture(null);

  private Writer(String name, String topic, int bytes) {
    this.history = History.inMemory(name);
    this.topic = topic;
    this.bytes = bytes;
    this.clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(name).factory());
  }

  /** Begins to write {@code perSecond} records of {@code bytes} with a plain producer. */
  public static Writer direct(String name, Broker broker, String topic, int bytes, int perSecond) {
    Writer writer = new Writer(name, topic, bytes);
    writer.begin(writer.new Direct(broker), perSecond);
    return writer;
  }

  /**
   * Begins to write through the gateway at {@code uri}, to which it connects again whenever it is
   * lost.
   */
  public static Writer through(String name, URI uri, String topic, int bytes, int perSecond) {
    Writer writer = new Writer(name, topic, bytes);
    writer.begin(writer.new Through(uri), perSecond);
    return writer;
  }

  private void begin(Way way, int perSecond) {
    ticking =
        clock.scheduleAtFixedRate(
            () -> sendNext(way), 0, 1_000_000_000L / perSecond, TimeUnit.NANOSECONDS);
  }

  private void sendNext(Way way) {
    long number = next.get();
    way.send(
        number,
        "k" + keys.getAndIncrement() % 17,
        Payload.text("run", history.client(), number, topic, bytes));
  }

  /** What it did. */
  public History history() {
    return history;
  }

  /** How many records it has sent. */
  public long sent() {
    return next.get();
  }

  /** Stops sending, and waits until the outcome of everything is known or known to be unknown. */
  public void finish() {
    ticking.cancel(false);
    Eventually.until(
        () -> outcomes.get() >= next.get(),
        Duration.ofSeconds(30),
        () -> history.client() + " knows " + outcomes + " outcomes of " + next);
    if (ticking.state() == Future.State.FAILED) {
      throw new AssertionError("The writer failed.", ticking.exceptionNow());
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  private void sent(long number, String key, String value) {
    history.append(new Sent(History.now(), number, topic, key, value));
    next.incrementAndGet();
  }

  private final class Direct implements Way {
    private final KafkaProducer<String, byte[]> producer;

    Direct(Broker broker) {
      producer =
          broker
              .topics()
              .producer(Map.of("delivery.timeout.ms", 20_000, "request.timeout.ms", 5_000));
    }

    @Override
    public void send(long number, String key, String value) {
      sent(number, key, value);
      var unused =
          producer.send(
              new ProducerRecord<>(topic, key, value.getBytes(StandardCharsets.UTF_8)),
              (stored, failure) -> {
                history.append(
                    failure == null
                        ? new Acked(
                            History.now(),
                            number,
                            new Partition(stored.topic(), stored.partition()),
                            stored.offset())
                        : new Unknown(History.now(), number, failure.toString()));
                outcomes.incrementAndGet();
              });
    }
  }

  private final class Through implements Way {
    private final URI uri;
    private final AtomicLong inFlight = new AtomicLong();
    private @Nullable TestClient client;

    Through(URI uri) {
      this.uri = uri;
    }

    @Override
    public void send(long number, String key, String value) {
      TestClient connected = connected();
      if (connected == null) {
        return; // tries again at the next tick
      }
      sent(number, key, value);
      inFlight.incrementAndGet();
      var unused =
          connected
              .ask(
                  Json.message("publish")
                      .put("channel", topic)
                      .put("key", key)
                      .put("value", value)
                      .put("valueType", "text"))
              .whenComplete((reply, failure) -> onOutcome(number, reply, failure));
    }

    /** The connection to send on; null while there is none, or it is only waited for answers. */
    private @Nullable TestClient connected() {
      if (client != null && client.isToMove()) {
        if (inFlight.get() > 0) {
          return null;
        }
        client.leave();
        client = null;
      }
      if (client == null || !client.isOpen()) {
        try {
          client = TestClient.connect(uri);
          history.append(new Connected(History.now(), client.toString()));
        } catch (RuntimeException notYet) {
          client = null;
        }
      }
      return client;
    }

    private void onOutcome(long number, @Nullable JsonNode reply, @Nullable Throwable failure) {
      long now = History.now();
      if (reply == null) {
        history.append(new Unknown(now, number, String.valueOf(failure)));
      } else if (reply.path("type").asText().equals("published")) {
        JsonNode record = reply.path("records").path(0);
        Partition partition =
            new Partition(record.path("topic").asText(), record.path("partition").asInt());
        history.append(new Acked(now, number, partition, record.path("offset").asLong()));
      } else {
        String code = reply.path("code").asText();
        history.append(
            UNKNOWN_OUTCOMES.contains(code)
                ? new Unknown(now, number, code)
                : new Refused(now, number, code));
      }
      inFlight.decrementAndGet();
      outcomes.incrementAndGet();
    }
  }
}
