package io.sluice.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.checker.History;
import io.sluice.checker.HistoryEvent;
import io.sluice.checker.HistoryEvent.Connected;
import io.sluice.checker.HistoryEvent.Ended;
import io.sluice.checker.HistoryEvent.GapTold;
import io.sluice.checker.HistoryEvent.PositionTold;
import io.sluice.checker.HistoryEvent.Received;
import io.sluice.checker.HistoryEvent.Subscribed;
import io.sluice.log.Partition;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An application that reads one channel as PROTOCOL tells clients to: it keeps its positions and
 * the topics' ids, and takes them along to the next connection, on whichever instance. Everything
 * that comes goes into its history.
 */
public final class Follower implements AutoCloseable {
  private static final String STREAM = "s";

  private final History history;
  private final String channel;
  private final Map<Partition, Long> positions = new TreeMap<>();
  private @Nullable JsonNode topicIds;
  private @Nullable TestClient client;
  private volatile boolean keeping;
  private Map<Partition, Long> requested = Map.of();
  private boolean subscribed;
  private long number = -1;
  private long received;
  private int attempts;
  private int connections;
  private int lives;
  private volatile @Nullable Throwable lastRefusal;

  /** An application called {@code name} in what the checker says. */
  public Follower(String name, String channel) {
    this.history = History.inMemory(name);
    this.channel = channel;
  }

  /** What it saw. */
  public History history() {
    return history;
  }

  /**
   * Connects to {@code uri} and subscribes: {@code from} (JSON) the first time, from its positions
   * on afterwards.
   */
  public void follow(URI uri, String from) {
    int epoch;
    synchronized (this) {
      subscribed = false;
      epoch = ++attempts;
    }
    TestClient connecting = TestClient.connect(uri, message -> onMessage(epoch, message));
    ObjectNode subscribe = Json.message("subscribe").put("channel", channel);
    synchronized (this) {
      client = connecting;
      requested = new TreeMap<>(positions);
      subscribe.set("from", topicIds == null ? Json.read(from) : resumption(topicIds));
    }
    JsonNode reply = connecting.call(subscribe);
    if (!reply.path("type").asText().equals("subscribed")) {
      throw new IllegalStateException(history.client() + " was not subscribed: " + reply);
    }
  }

  /**
   * Follows for good: whenever the connection is lost, or its gateway drains and the moment that it
   * named has come, it connects again to {@code uri}, until it is closed. Returns when the first
   * subscription stands.
   */
  public void keepFollowing(URI uri, String from) {
    follow(uri, from);
    keeping = true;
    var unused = Thread.ofVirtual().name(history.client()).start(() -> keep(uri, from));
  }

  private void keep(URI uri, String from) {
    while (keeping) {
      TestClient current = current();
      Eventually.holds(
          () -> !current.isOpen() || current.isToMove() || !keeping, Duration.ofMinutes(5));
      if (keeping) {
        current.leave();
      }
      while (keeping && !triesAgain(uri, from)) {
        Eventually.pass(Duration.ofMillis(100)); // the back-off of a client
      }
    }
  }

  private boolean triesAgain(URI uri, String from) {
    try {
      follow(uri, from);
      return true;
    } catch (RuntimeException | AssertionError notYet) {
      lastRefusal = notYet;
      current().abort();
      return false;
    }
  }

  private synchronized ObjectNode resumption(JsonNode ids) {
    ObjectNode from = JsonNodeFactory.instance.objectNode();
    from.set("positions", Json.positions(positions));
    from.set("topicIds", ids);
    return from;
  }

  /** Leaves politely; its positions stay for the next {@link #follow}. */
  public void leave() {
    current().close();
  }

  /** The connection of this moment. */
  public synchronized TestClient current() {
    if (client == null) {
      throw new IllegalStateException(history.client() + " has never connected.");
    }
    return client;
  }

  /** Where it stands: the next offset of each partition. */
  public synchronized Map<Partition, Long> positions() {
    return Map.copyOf(positions);
  }

  /** How many records came. */
  public synchronized long received() {
    return received;
  }

  /** How often it was subscribed. */
  public synchronized int connections() {
    return connections;
  }

  /** How often it was told that it has reached the head. */
  public synchronized int lives() {
    return lives;
  }

  /** Waits until it has reached {@code ends} in every partition. */
  public void awaitPositions(Map<Partition, Long> ends, Duration deadline) {
    Eventually.until(
        () -> hasReached(ends),
        deadline,
        () -> history.client() + " stands at " + positions() + " and was to reach " + ends);
  }

  private synchronized boolean hasReached(Map<Partition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end ->
            end.getValue() == 0 || positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
  }

  private synchronized boolean onMessage(int epoch, JsonNode message) {
    if (epoch != attempts) {
      return true; // of a connection that was given up
    }
    long now = History.now();
    switch (message.path("type").asText()) {
      case "welcome" -> history.append(new Connected(now, message.path("connection").asText()));
      case "subscribed" -> onSubscribed(now, message);
      case "records" -> onRecords(now, message);
      case "gap" -> onGap(now, message);
      case "live" -> lives += isMine(message) ? 1 : 0;
      case "position" -> {
        Map<Partition, Long> told = Json.positions(message.path("positions"));
        history.append(new PositionTold(now, STREAM, told));
        positions.putAll(told);
      }
      case "ended" ->
          history.append(new Ended(now, STREAM, Json.positions(message.path("positions"))));
      case "draining" -> {
        for (JsonNode one : message.path("subscriptions")) {
          if (isMine(one)) {
            history.append(new Ended(now, STREAM, Json.positions(one.path("positions"))));
          }
        }
        return false;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean isMine(JsonNode message) {
    return subscribed && message.path("subscription").asLong() == number;
  }

  private void onSubscribed(long now, JsonNode message) {
    number = message.path("subscription").asLong();
    topicIds = message.path("topicIds");
    Map<Partition, Long> start = new TreeMap<>(Json.positions(message.path("positions")));
    start.putAll(requested); // what was asked for is owed, wherever the gateway says it starts
    start.forEach(positions::putIfAbsent);
    history.append(new Subscribed(now, STREAM, start));
    subscribed = true;
    connections++;
  }

  private void onRecords(long now, JsonNode message) {
    if (!isMine(message)) {
      throw new IllegalStateException(
          "Records came before their subscription, or of another: " + message);
    }
    for (JsonNode record : message.path("records")) {
      Partition partition = partition(record);
      long offset = record.path("offset").asLong();
      history.append(new Received(now, STREAM, partition, offset, value(record)));
      received++;
      positions.merge(partition, offset + 1, Math::max);
    }
  }

  private void onGap(long now, JsonNode message) {
    Partition partition = partition(message);
    long to =
        message.path("to").isNull() ? HistoryEvent.UNKNOWN_OFFSET : message.path("to").asLong();
    history.append(
        new GapTold(
            now,
            STREAM,
            partition,
            message.path("from").asLong(),
            to,
            message.path("reason").asText()));
    if (to == HistoryEvent.UNKNOWN_OFFSET) {
      positions.put(partition, 0L);
    } else {
      positions.merge(partition, to, Math::max);
    }
  }

  private static Partition partition(JsonNode message) {
    return new Partition(message.path("topic").asText(), message.path("partition").asInt());
  }

  /** The value as the log has it: text as it is, JSON as its text. */
  private static @Nullable String value(JsonNode record) {
    JsonNode value = record.path("value");
    return switch (record.path("valueType").asText("")) {
      case "text" -> value.asText();
      case "base64" ->
          "base64:"
              + Base64.getEncoder().encodeToString(Base64.getDecoder().decode(value.asText()));
      default -> value.isNull() && !record.has("valueType") ? null : value.toString();
    };
  }

  @Override
  public synchronized String toString() {
    return "%s: %d connections, %d attempts, %s, %d records, last refused with %s"
        .formatted(
            history.client(),
            connections,
            attempts,
            client != null && client.isOpen() ? "open" : "closed",
            received,
            lastRefusal);
  }

  @Override
  public void close() {
    keeping = false;
    TestClient last;
    synchronized (this) {
      last = client;
    }
    if (last != null) {
      last.abort();
    }
  }
}
