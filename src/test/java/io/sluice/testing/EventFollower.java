package io.sluice.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.checker.History;
import io.sluice.checker.HistoryEvent.Connected;
import io.sluice.checker.HistoryEvent.GapTold;
import io.sluice.checker.HistoryEvent.Received;
import io.sluice.checker.HistoryEvent.Subscribed;
import io.sluice.log.Partition;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An application that reads one channel as an event stream: what it takes along from a stream that
 * was cut is the last id, as a browser does, and what comes again it drops by its offset.
 * Everything that comes goes into its history.
 */
public final class EventFollower implements AutoCloseable {
  private static final String STREAM = "events";

  private final History history;
  private final Map<Partition, Long> positions = new TreeMap<>();
  private @Nullable EventStreamClient client;
  private String lastEventId = "";
  private int attempts;
  private long received;

  /** An application called {@code name} in what the checker says. */
  public EventFollower(String name) {
    this.history = History.inMemory(name);
  }

  /** What it saw. */
  public History history() {
    return history;
  }

  /** Opens the stream at {@code channel}, behind what it has seen so far. */
  public void follow(URI channel) {
    int epoch;
    Map<String, String> headers;
    synchronized (this) {
      epoch = ++attempts;
      headers = lastEventId.isEmpty() ? Map.of() : Map.of("Last-Event-ID", lastEventId);
    }
    EventStreamClient opened =
        EventStreamClient.open(channel, headers, (name, data) -> onEvent(epoch, name, data));
    synchronized (this) {
      client = opened;
    }
  }

  /** Cuts the connection with a reset, in the middle of whatever is on its way. */
  public void cut() {
    EventStreamClient cutting;
    synchronized (this) {
      cutting = current();
      attempts++; // what its thread still reads came too late
      lastEventId = cutting.lastEventId();
    }
    cutting.cut();
  }

  /** Waits for the gateway to end the stream. */
  public void awaitEnd(Duration deadline) {
    EventStreamClient ending = current();
    Eventually.until(() -> !ending.isOpen(), deadline, () -> "The stream goes on: " + this);
    synchronized (this) {
      lastEventId = ending.lastEventId();
    }
  }

  /** The stream of this moment. */
  public synchronized EventStreamClient current() {
    if (client == null) {
      throw new IllegalStateException(history.client() + " has never connected.");
    }
    return client;
  }

  /** How many records came. */
  public synchronized long received() {
    return received;
  }

  /** Waits until it has reached {@code ends} in every partition. */
  public void awaitPositions(Map<Partition, Long> ends, Duration deadline) {
    Eventually.until(() -> hasReached(ends), deadline, () -> this + " was to reach " + ends);
  }

  private synchronized boolean hasReached(Map<Partition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
  }

  private synchronized boolean onEvent(int epoch, String name, JsonNode data) {
    if (epoch != attempts) {
      return true;
    }
    long now = History.now();
    switch (name) {
      case "welcome" -> history.append(new Connected(now, data.path("connection").asText()));
      case "subscribed" -> {
        Json.positions(data.path("positions")).forEach(positions::putIfAbsent);
        history.append(new Subscribed(now, STREAM, positions));
      }
      case "message" -> {
        Partition partition =
            new Partition(data.path("topic").asText(), data.path("partition").asInt());
        long offset = data.path("offset").asLong();
        String value = data.path("value").asText();
        history.append(new Received(now, STREAM, partition, offset, value));
        positions.merge(partition, offset + 1, Math::max);
        received++;
      }
      case "gap" -> {
        Partition partition =
            new Partition(data.path("topic").asText(), data.path("partition").asInt());
        long to = data.path("to").asLong();
        history.append(
            new GapTold(
                now,
                STREAM,
                partition,
                data.path("from").asLong(),
                to,
                data.path("reason").asText()));
        positions.merge(partition, to, Math::max);
      }
      case "id", "live", "status", "position" -> {}
      default -> {
        return false;
      }
    }
    return true;
  }

  @Override
  public synchronized String toString() {
    return "%s: %d connections, %d records, at %s"
        .formatted(history.client(), attempts, received, positions);
  }

  @Override
  public void close() {
    synchronized (this) {
      if (client != null) {
        client.close();
      }
    }
  }
}
