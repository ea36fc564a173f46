package io.sluice.testing;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's WebSocket client with no protocol on top, as {@code websocat} is one: what it hears, in
 * order. Any thread.
 */
public final class PlainSocket implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 15;
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Something heard. */
  public sealed interface Heard {
    /** A text message. */
    record Text(String text) implements Heard {}

    /** A binary message, in hexadecimal digits. */
    record Binary(String hex) implements Heard {}

    /** A pong, in hexadecimal digits. */
    record Pong(String hex) implements Heard {}

    /** The end; 1006 where it came without a close frame. */
    record Closed(int code, String reason) implements Heard {}
  }

  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private final WebSocket socket;
  private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);
  private boolean paused;
  private boolean demandWaits;

  private PlainSocket(URI uri, String... subprotocols) {
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    if (subprotocols.length > 0) {
      builder.subprotocols(
          subprotocols[0], Arrays.copyOfRange(subprotocols, 1, subprotocols.length));
    }
    socket = builder.buildAsync(uri, new Listener()).join();
  }

  /** Connects to {@code uri}, of whichever scheme, and offers {@code subprotocols}. */
  public static PlainSocket connect(URI uri, String... subprotocols) {
    return new PlainSocket(URI.create(uri.toString().replaceFirst("^http:", "ws:")), subprotocols);
  }

  /** The status with which an upgrade at {@code uri} is refused. */
  public static int refusal(URI uri) {
    try (PlainSocket accepted = connect(uri)) {
      throw new AssertionError("The upgrade was not refused: " + accepted);
    } catch (CompletionException refused) {
      if (refused.getCause() instanceof WebSocketHandshakeException handshake) {
        return handshake.getResponse().statusCode();
      }
      throw refused;
    }
  }

  /** The JDK's socket, for what this has no method for. */
  public WebSocket socket() {
    return socket;
  }

  /** Sends a text message; messages leave in the order of the calls. */
  public synchronized void send(String text) {
    sending = sending.thenCompose(_ -> socket.sendText(text, true));
  }

  /** Sends a binary message. */
  public synchronized void send(byte[] bytes) {
    sending = sending.thenCompose(_ -> socket.sendBinary(ByteBuffer.wrap(bytes), true));
  }

  /** What is heard next; waits for it. */
  public Heard next() {
    try {
      Heard next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("Nothing was heard within " + PATIENCE_SECONDS + " s.");
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("The test was interrupted.", e);
    }
  }

  /** The text of the next message, which must be one. */
  public String nextText() {
    Heard next = next();
    if (next instanceof Heard.Text(String text)) {
      return text;
    }
    throw new AssertionError("What was heard is no text: " + next);
  }

  /** How the connection ends; what is heard before is passed over. */
  public Heard.Closed awaitClosed() {
    Heard next = next();
    while (!(next instanceof Heard.Closed closed)) {
      next = next();
    }
    return closed;
  }

  /** Takes no more bytes from the socket, after at most one more message. */
  public synchronized void pause() {
    paused = true;
  }

  /** Takes bytes again. */
  public synchronized void resume() {
    paused = false;
    if (demandWaits) {
      demandWaits = false;
      socket.request(1);
    }
  }

  private synchronized void demand(WebSocket webSocket) {
    demandWaits = paused;
    if (!paused) {
      webSocket.request(1);
    }
  }

  @Override
  public void close() {
    socket.abort();
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        heard.add(new Heard.Text(text.toString()));
        text.setLength(0);
      }
      demand(webSocket);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(
        WebSocket webSocket, ByteBuffer data, boolean last) {
      while (data.hasRemaining()) {
        bytes.write(data.get());
      }
      if (last) {
        heard.add(new Heard.Binary(HexFormat.of().formatHex(bytes.toByteArray())));
        bytes.reset();
      }
      demand(webSocket);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
      byte[] payload = new byte[message.remaining()];
      message.get(payload);
      heard.add(new Heard.Pong(HexFormat.of().formatHex(payload)));
      demand(webSocket);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
      heard.add(new Heard.Closed(code, reason));
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      heard.add(new Heard.Closed(1006, error.toString()));
    }
  }
}
