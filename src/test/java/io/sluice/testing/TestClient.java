package io.sluice.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client of {@code /v1/ws} that shares no code with the gateway: the JDK's WebSocket and
 * Jackson's tree. Messages that nobody waited for are kept, in order, until somebody asks for them.
 * Any thread.
 *
 * <p>A gateway that shows no life for several of its heartbeats counts as lost, as any client must
 * see it (TCP does not tell of every end). It is needed here too: the JDK's client was seen to miss
 * the end of a connection now and then, its socket staying in CLOSE_WAIT without a call.
 */
public final class TestClient implements AutoCloseable {
  /** How long a reply or message is waited for. */
  public static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(PATIENCE).version(HttpClient.Version.HTTP_1_1).build();

  private static final int SILENT_HEARTBEATS = 3;
  private static final Duration SHORTEST_SILENCE = Duration.ofSeconds(5);
  private static final ScheduledExecutorService WATCH =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("test-client-watch").factory());

  /** How a connection ended; 1006 where it was lost without a close frame (RFC 6455 §7.1.5). */
  public record Closing(int code, String reason) {}

  /** How messages look, and in which frames they go. */
  private enum Notation {
    JSON,
    CBOR
  }

  private final Notation notation;
  private final Predicate<JsonNode> taker;
  private final Map<Long, CompletableFuture<JsonNode>> replies = new ConcurrentHashMap<>();
  private final List<JsonNode> messages = new ArrayList<>();
  private final CompletableFuture<Closing> closing = new CompletableFuture<>();
  private final AtomicLong nextId = new AtomicLong(1);
  private final WebSocket socket;
  private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);
  private boolean reading = true;
  private boolean demandIsOut;
  private volatile long lastSign = System.nanoTime();

  /**
   * When the gateway wants this client to be gone, by {@link System#nanoTime}; null where it does
   * not.
   */
  private volatile @Nullable Long moveAt;

  private TestClient(
      URI uri, Notation notation, @Nullable String subprotocol, Predicate<JsonNode> taker) {
    this.notation = notation;
    this.taker = taker;
    WebSocket.Builder builder = HTTP.newWebSocketBuilder().connectTimeout(PATIENCE);
    if (subprotocol != null) {
      builder.subprotocols(subprotocol);
    }
    this.socket = get(builder.buildAsync(uri, new Listener()), PATIENCE);
  }

  /** Connects and speaks {@code sluice.v1.json}. */
  public static TestClient connect(URI uri) {
    return connect(uri, _ -> false);
  }

  /**
   * Connects.
   *
   * @param taker sees every message that is no reply first, in order, on the client's own thread;
   *     what it takes ({@code true}) is not kept
   */
  public static TestClient connect(URI uri, Predicate<JsonNode> taker) {
    return new TestClient(uri, Notation.JSON, "sluice.v1.json", taker);
  }

  /** Connects with another offer of a sub-protocol, or with none. */
  public static TestClient connectOffering(URI uri, @Nullable String subprotocol) {
    return new TestClient(uri, Notation.JSON, subprotocol, _ -> false);
  }

  /** Connects and speaks {@code sluice.v1.cbor}: byte strings are binary nodes. */
  public static TestClient connectCbor(URI uri) {
    return new TestClient(uri, Notation.CBOR, "sluice.v1.cbor", _ -> false);
  }

  /** The sub-protocol that the gateway chose; empty where none. */
  public String subprotocol() {
    return socket.getSubprotocol();
  }

  /** Sends a text message as it is. Returns at once; messages leave in the order of the calls. */
  public synchronized void sendText(String text) {
    sending = sending.thenCompose(_ -> socket.sendText(text, true));
  }

  /** Sends a binary message. */
  public synchronized void sendBinary(byte[] bytes) {
    sending = sending.thenCompose(_ -> socket.sendBinary(ByteBuffer.wrap(bytes), true));
  }

  /**
   * Gives {@code command} an {@code id} and sends it; the reply is whatever carries the same {@code
   * id}.
   */
  public CompletableFuture<JsonNode> ask(ObjectNode command) {
    long id = nextId.getAndIncrement();
    CompletableFuture<JsonNode> reply = new CompletableFuture<>();
    replies.put(id, reply);
    closing.thenRun(
        () -> reply.completeExceptionally(new IllegalStateException("The connection is closed.")));
    send(command.put("id", id));
    return reply;
  }

  /** Sends a message in this client's notation. */
  public void send(JsonNode message) {
    switch (notation) {
      case JSON -> sendText(message.toString());
      case CBOR -> sendBinary(Cbor.bytes(message));
    }
  }

  /** Sends {@code command} and waits for its reply. */
  public JsonNode call(ObjectNode command) {
    return get(ask(command), PATIENCE);
  }

  /**
   * Subscribes with {@code from} given as JSON, and returns the reply, also where it is an error.
   */
  public JsonNode subscribe(String channel, String from) {
    return call(Json.message("subscribe").put("channel", channel).set("from", Json.read(from)));
  }

  /** Publishes one text and returns the reply, also where it is an error. */
  public JsonNode publish(String channel, @Nullable String key, String text) {
    return call(
        Json.message("publish")
            .put("channel", channel)
            .put("key", key)
            .put("value", text)
            .put("valueType", "text"));
  }

  /** The oldest kept message that is {@code wanted}, which is taken out; waits for it. */
  public JsonNode await(Predicate<JsonNode> wanted) {
    return await(wanted, PATIENCE);
  }

  /** As {@link #await(Predicate)}, with a deadline of its own. */
  public JsonNode await(Predicate<JsonNode> wanted, Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    synchronized (messages) {
      while (true) {
        for (Iterator<JsonNode> each = messages.iterator(); each.hasNext(); ) {
          JsonNode message = each.next();
          if (wanted.test(message)) {
            each.remove();
            return message;
          }
        }
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0 || closing.isDone() && !hasMore(wanted)) {
          throw new AssertionError(
              "What was waited for did not come; there is " + messages + ", closing " + closing);
        }
        waitOn(messages, left);
      }
    }
  }

  private boolean hasMore(Predicate<JsonNode> wanted) {
    return messages.stream().anyMatch(wanted);
  }

  /** The oldest kept message of that type; waits for it. */
  public JsonNode await(String type) {
    return await(message -> message.path("type").asText().equals(type), PATIENCE);
  }

  /** The next {@code count} records of a subscription, in order. */
  public List<JsonNode> awaitRecords(long subscription, int count) {
    List<JsonNode> records = new ArrayList<>();
    while (records.size() < count) {
      JsonNode message = await(m -> isOf(m, "records", subscription));
      message.get("records").forEach(records::add);
    }
    return records;
  }

  /** Whether a message is of this type and subscription. */
  public static boolean isOf(JsonNode message, String type, long subscription) {
    return message.path("type").asText().equals(type)
        && message.path("subscription").asLong(-1) == subscription;
  }

  /** Messages that are kept now. */
  public List<JsonNode> kept() {
    synchronized (messages) {
      return List.copyOf(messages);
    }
  }

  /** Stops taking bytes from the socket, after at most one more message: the gateway feels it. */
  public synchronized void stopReading() {
    reading = false;
  }

  /** Takes bytes again. */
  public synchronized void goOnReading() {
    reading = true;
    if (!demandIsOut) {
      demand();
    }
  }

  /** How the connection ended; waits for it. */
  public Closing awaitClosing() {
    return get(closing, PATIENCE);
  }

  /** Done when the connection is. */
  public CompletableFuture<Closing> closing() {
    return closing.copy();
  }

  /** Whether nothing has ended the connection so far. */
  public boolean isOpen() {
    return !closing.isDone();
  }

  /** Whether the gateway drains, and the moment that it named for this client has come. */
  public boolean isToMove() {
    Long moment = moveAt;
    return moment != null && System.nanoTime() - moment >= 0;
  }

  /** Closes with 1000. */
  @Override
  public void close() {
    leave();
    CompletableFuture<Closing> done =
        closing.copy().completeOnTimeout(new Closing(1006, "not answered"), 2, TimeUnit.SECONDS);
    get(done, PATIENCE);
    socket.abort();
  }

  /** Begins to close with 1000; returns at once, and takes what still comes. */
  public void leave() {
    synchronized (this) {
      sending = sending.handle((_, _) -> socket.sendClose(WebSocket.NORMAL_CLOSURE, ""));
    }
    goOnReading();
  }

  /** Drops the connection without a word. */
  public void abort() {
    socket.abort();
    closing.complete(new Closing(1006, "aborted"));
  }

  private void watch(Duration heartbeat) {
    Duration silence = heartbeat.multipliedBy(SILENT_HEARTBEATS);
    Duration longest = silence.compareTo(SHORTEST_SILENCE) > 0 ? silence : SHORTEST_SILENCE;
    long period = heartbeat.toMillis();
    ScheduledFuture<?> watching =
        WATCH.scheduleAtFixedRate(
            () -> lookForLife(longest), period, period, TimeUnit.MILLISECONDS);
    closing.thenRun(() -> watching.cancel(false));
  }

  private synchronized void lookForLife(Duration longest) {
    long silent = System.nanoTime() - lastSign;
    if (reading && silent > longest.toNanos()) {
      socket.abort();
      onClosing(new Closing(1006, "no sign of life for " + Duration.ofNanos(silent)));
    }
  }

  private synchronized void demand() {
    lastSign = System.nanoTime();
    demandIsOut = reading;
    if (reading) {
      socket.request(1);
    }
  }

  private void onMessage(JsonNode message) {
    switch (message.path("type").asText()) {
      case "welcome" -> watch(Duration.ofMillis(message.path("heartbeatMs").asLong()));
      case "draining" ->
          moveAt =
              System.nanoTime()
                  + Duration.ofMillis(message.path("reconnectAfterMs").asLong()).toNanos();
      default -> {}
    }
    JsonNode id = message.get("id");
    CompletableFuture<JsonNode> reply =
        id == null || !id.canConvertToLong() ? null : replies.remove(id.longValue());
    boolean taken = taker.test(message);
    if (reply != null) {
      reply.complete(message);
    } else if (!taken) {
      synchronized (messages) {
        messages.add(message);
        messages.notifyAll();
      }
    }
  }

  private void onClosing(Closing how) {
    closing.complete(how);
    synchronized (messages) {
      messages.notifyAll();
    }
  }

  private static void waitOn(Object monitor, long millis) {
    try {
      monitor.wait(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("The test was interrupted.", e);
    }
  }

  private static <T> T get(CompletableFuture<T> future, Duration deadline) {
    try {
      return future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("Nothing came within " + deadline + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("The test was interrupted.", e);
    }
  }

  /** Translates the JDK's calls, which come one at a time. */
  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

    @Override
    public void onOpen(WebSocket webSocket) {
      synchronized (TestClient.this) {
        demandIsOut = true;
      }
      webSocket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        String whole = text.toString();
        text.setLength(0);
        hear(Notation.JSON, () -> Json.read(whole));
      }
      demandNext(webSocket);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(
        WebSocket webSocket, ByteBuffer data, boolean last) {
      byte[] part = new byte[data.remaining()];
      data.get(part);
      binary.writeBytes(part);
      if (last) {
        byte[] whole = binary.toByteArray();
        binary.reset();
        hear(Notation.CBOR, () -> Cbor.read(whole));
      }
      demandNext(webSocket);
      return null;
    }

    private void hear(Notation heard, Supplier<JsonNode> message) {
      try {
        if (heard != notation) {
          throw new AssertionError("A " + heard + " message came to a client of " + notation);
        }
        onMessage(message.get());
      } catch (RuntimeException | AssertionError e) {
        onClosing(new Closing(1006, "The test's own listener failed: " + e));
        throw e;
      }
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
      demandNext(webSocket);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
      demandNext(webSocket);
      return null;
    }

    private void demandNext(WebSocket webSocket) {
      lastSign = System.nanoTime();
      synchronized (TestClient.this) {
        demandIsOut = reading;
        if (reading) {
          webSocket.request(1);
        }
      }
    }

    @Override
    public @Nullable CompletionStage<?> onClose(
        WebSocket webSocket, int statusCode, String reason) {
      onClosing(new Closing(statusCode, reason));
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      onClosing(new Closing(1006, error.toString()));
    }
  }
}
