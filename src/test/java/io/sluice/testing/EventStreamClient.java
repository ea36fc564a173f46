package io.sluice.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiPredicate;

/**
 * A client of an event stream on a plain socket: the bytes are the gateway's own, and the
 * connection can be cut as a network cuts it. Events that nobody waited for are kept, in order. Any
 * thread.
 */
public final class EventStreamClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** An event. */
  public record Event(String name, JsonNode data) {}

  private final Socket socket;
  private final String head;
  private final BiPredicate<String, JsonNode> taker;
  private final List<Event> events = new ArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile String lastEventId = "";
  private volatile long retryMillis = -1;

  private EventStreamClient(
      URI uri, Map<String, String> headers, BiPredicate<String, JsonNode> taker) {
    this.taker = taker;
    try {
      socket = new Socket(uri.getHost(), uri.getPort());
      socket.setSoTimeout((int) PATIENCE.toMillis());
      StringBuilder request = new StringBuilder("GET ").append(uri.getRawPath());
      if (uri.getRawQuery() != null) {
        request.append('?').append(uri.getRawQuery());
      }
      request.append(" HTTP/1.1\r\nHost: ").append(uri.getAuthority());
      request.append("\r\nAccept: text/event-stream\r\n");
      headers.forEach(
          (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
      socket.getOutputStream().write(ascii(request.append("\r\n").toString()));
      head = readHead(socket.getInputStream());
      if (!head.startsWith("HTTP/1.1 200 ")) {
        String body = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        throw new IllegalStateException("There is no stream: " + head + body);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("events").start(this::readEvents);
  }

  /** Opens the stream at {@code uri}; fails where the answer is none. */
  public static EventStreamClient open(URI uri) {
    return open(uri, Map.of());
  }

  /** The same with header fields. */
  public static EventStreamClient open(URI uri, Map<String, String> headers) {
    return open(uri, headers, (name, data) -> false);
  }

  /**
   * The same.
   *
   * @param taker sees every event first, in order, on the client's own thread, and an id as an
   *     event {@code id} without data; what it takes ({@code true}) is not kept
   */
  public static EventStreamClient open(
      URI uri, Map<String, String> headers, BiPredicate<String, JsonNode> taker) {
    return new EventStreamClient(uri, headers, taker);
  }

  private static String readHead(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("The answer ends in its head: " + bytes);
      }
      bytes.write(b);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  private void readEvents() {
    EventParser parser = new EventParser(new Listener());
    byte[] buffer = new byte[16 * 1024];
    try {
      socket.setSoTimeout(0);
      InputStream in = socket.getInputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        parser.read(buffer, 0, read);
      }
    } catch (IOException cut) {
      // which is the end as well
    } finally {
      ended.countDown();
      synchronized (events) {
        events.notifyAll();
      }
    }
  }

  private final class Listener implements EventParser.Listener {
    @Override
    public void onEvent(String name, String data) {
      JsonNode json = Json.read(data);
      if (taker.test(name, json)) {
        return;
      }
      synchronized (events) {
        events.add(new Event(name, json));
        events.notifyAll();
      }
    }

    @Override
    public void onId(String id) {
      lastEventId = id;
      var unused = taker.test("id", Json.read("null"));
    }

    @Override
    public void onRetry(long millis) {
      retryMillis = millis;
    }
  }

  /** Status line and header fields of the answer. */
  public String head() {
    return head;
  }

  /** Where the stream is, as the gateway said last. */
  public String lastEventId() {
    return lastEventId;
  }

  /** How long the gateway wants a client to wait; -1 where it has not said. */
  public long retryMillis() {
    return retryMillis;
  }

  /** The data of the oldest kept event of that name, which is taken out; waits for it. */
  public JsonNode await(String name) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    synchronized (events) {
      while (true) {
        for (Iterator<Event> each = events.iterator(); each.hasNext(); ) {
          Event event = each.next();
          if (event.name().equals(name)) {
            each.remove();
            return event.data();
          }
        }
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0 || ended.getCount() == 0) {
          throw new AssertionError(
              "No event " + name + " came; there is " + events + ", ended: " + !isOpen());
        }
        try {
          events.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new AssertionError("The test was interrupted.", e);
        }
      }
    }
  }

  /** The next {@code count} records, in order. */
  public List<JsonNode> awaitRecords(int count) {
    List<JsonNode> records = new ArrayList<>();
    while (records.size() < count) {
      records.add(await("message"));
    }
    return records;
  }

  /** Events that are kept now. */
  public List<Event> kept() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  /** Whether the stream goes on. */
  public boolean isOpen() {
    return ended.getCount() > 0;
  }

  /** Ends the connection with a reset: what is on its way is lost. */
  public void cut() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
