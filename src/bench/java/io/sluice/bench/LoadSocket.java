package io.sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.testing.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One client of the load generator. The thread of its loop only. */
final class LoadSocket implements FrameWalker.Frames {
  /** Holds every message but records, {@code welcome} and {@code subscribed} whole. */
  private static final int KEPT_OF_OTHERS = 256;

  private static final int SOURCES = 200;
  private static final int SMALL_RECEIVE_BUFFER = 16 * 1024;
  private static final int CLOSE = 0x88;
  private static final int PING = 0x89;
  private static final int PONG = 0x8A;

  /** How far a connection has come. */
  private enum State {
    CONNECTING,
    UPGRADING,
    OPEN,
    ENDED
  }

  private final LoadLoop loop;
  private final int number;
  private final LoadPlan plan;
  private final Subprotocol subprotocol;
  private final boolean stalling;
  private final FrameWalker walker = new FrameWalker(FrameWalker.WHOLE);
  private final SocketChannel channel;
  private final SelectionKey key;

  /** Looks at every record; null where the socket is not in the sample. */
  private final @Nullable RecordCheck check;

  /** What publishes; null where nothing is published. */
  private final @Nullable PublishSlots slots;

  private final StringBuilder head = new StringBuilder();
  private State state = State.CONNECTING;
  private boolean subscribed;
  private boolean finished;
  private long nextRecord;
  private long got;

  LoadSocket(LoadLoop loop, int number, Selector selector) throws IOException {
    this.loop = loop;
    this.number = number;
    this.plan = loop.plan();
    this.subprotocol = plan.subprotocol();
    this.stalling = plan.stalls(number);
    boolean sampled = number % plan.crowd().sampleEvery() == 0 && !stalling;
    this.check =
        sampled && plan.role() == LoadPlan.Role.READ
            ? new RecordCheck(subprotocol, plan.valueBytes(), plan.firstRecord(number))
            : null;
    this.nextRecord = plan.firstRecord(number);
    this.slots = plan.role() == LoadPlan.Role.PUBLISH ? new PublishSlots(plan) : null;
    this.channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(
        StandardSocketOptions.SO_LINGER,
        0); // tens of thousands in TIME_WAIT would slow the next run
    if (stalling) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_RECEIVE_BUFFER);
    }
    channel.bind(source(number));
    boolean connected =
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), plan.port(number)));
    this.key =
        channel.register(
            selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
    if (connected) {
      upgrade();
    }
  }

  /**
   * Clients come from many loopback addresses: for the ten thousandth from one address the kernel
   * looks for a free port longer than a gateway takes for all else.
   */
  private static SocketAddress source(int number) throws UnknownHostException {
    byte[] address = {127, 0, 1, (byte) (1 + number % SOURCES)};
    return new InetSocketAddress(InetAddress.getByAddress(address), 0);
  }

  /** The selector says that something can be done. */
  void onReady(ByteBuffer buffer, byte[] scratch) throws IOException {
    if (key.isConnectable()) {
      channel.finishConnect();
      key.interestOps(SelectionKey.OP_READ);
      upgrade();
      return;
    }
    buffer.clear();
    int read = channel.read(buffer);
    if (read < 0) {
      throw new IOException("the gateway closed the connection");
    }
    loop.onRead();
    buffer.flip();
    if (state == State.UPGRADING) {
      readHead(buffer);
    }
    if (state == State.OPEN) {
      walker.walk(buffer, scratch, this);
      if (slots != null) {
        slots.flush(channel);
      }
    }
  }

  private void upgrade() throws IOException {
    state = State.UPGRADING;
    send(ByteBuffer.wrap(subprotocol.upgrade()));
  }

  private void readHead(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      head.append((char) buffer.get());
      if (head.length() >= 4 && head.lastIndexOf("\r\n\r\n") == head.length() - 4) {
        if (!head.toString().startsWith("HTTP/1.1 101")) {
          throw new IOException("the upgrade was answered " + head.toString().lines().findFirst());
        }
        state = State.OPEN;
        head.setLength(0);
        head.trimToSize();
        if (plan.role() == LoadPlan.Role.PUBLISH) {
          loop.onReady();
        } else if (plan.subscription().atOnce()) {
          subscribe();
        } else {
          loop.onReady();
        }
        return;
      }
    }
  }

  private void subscribe() throws IOException {
    send(subprotocol.command(plan.subscribe(number)));
  }

  /** The run begins. */
  void go() throws IOException {
    if (slots != null) {
      slots.begin();
      slots.flush(channel);
    } else if (!plan.subscription().atOnce()) {
      subscribe();
    }
    if (stalling) {
      key.interestOps(0);
    }
  }

  /** No more publishes. */
  void stop() {
    if (slots != null) {
      slots.stop();
    }
  }

  @Override
  public void onFrame(int firstByte, byte[] bytes, int length, long payload) {
    if (firstByte == subprotocol.firstByte()) {
      onMessage(bytes, length, payload);
      return;
    }
    switch (firstByte) {
      case PING -> pong(bytes, length);
      case PONG -> {}
      case CLOSE -> fault("was closed: " + text(bytes, 2, length));
      default -> fault("got a frame that begins with " + Integer.toHexString(firstByte));
    }
  }

  private void onMessage(byte[] bytes, int length, long payload) {
    if (subscribed && StampedValue.endsAt(bytes, length - subprotocol.behindLast())) {
      onRecords(bytes, length);
      return;
    }
    if (length < payload) {
      fault("got a message that is none of records: …" + text(bytes, 0, length));
      return;
    }
    switch (subprotocol.type(bytes, length)) {
      case "welcome", "live", "position", "status" -> {}
      case "subscribed" -> onSubscribed();
      case "gap" -> onGap(bytes, length);
      case "published" -> onPublished(bytes, length);
      default -> fault("got " + text(bytes, 0, length));
    }
  }

  private void onSubscribed() {
    subscribed = true;
    if (check == null) {
      walker.keep(KEPT_OF_OTHERS);
    }
    if (plan.subscription().atOnce()) {
      loop.onReady();
    }
  }

  private void onRecords(byte[] bytes, int length) {
    long before = nextRecord;
    if (check == null) {
      nextRecord = StampedValue.seq(bytes, length - subprotocol.behindLast()) + 1;
    } else {
      String wrong = check.read(bytes, length, loop);
      if (wrong != null) {
        fault(wrong);
        return;
      }
      nextRecord = check.next();
    }
    if (!finished) {
      got += nextRecord - before;
      loop.onRecords(nextRecord - before);
      finishWithLast();
    }
  }

  /** Of one partition whose offsets are the records' numbers: only there gaps are expected. */
  private void onGap(byte[] bytes, int length) {
    JsonNode gap = Json.read(text(bytes, 0, length));
    long to = gap.path("to").asLong();
    if (!plan.subscription().gaps() || gap.path("from").asLong() != nextRecord) {
      fault("got " + gap + " where record " + nextRecord + " was due");
      return;
    }
    if (!finished) {
      loop.onGap(to - nextRecord);
    }
    nextRecord = to;
    if (check != null) {
      check.skip(to);
    }
    if (!finished) {
      finishWithLast();
    }
  }

  private void finishWithLast() {
    if (nextRecord >= plan.records()) {
      finished = true;
      loop.onFinished();
    }
  }

  /** Whether it takes what it gets. */
  boolean isReading() {
    return !stalling;
  }

  /** How many records it has got. */
  long got() {
    return got;
  }

  private void onPublished(byte[] bytes, int length) {
    if (slots == null) {
      fault("published nothing, and got " + text(bytes, 0, length));
      return;
    }
    long sentAt = slots.onAnswer(bytes, length);
    if (sentAt == PublishSlots.NO_ANSWER) {
      fault("got " + text(bytes, 0, length));
    } else {
      loop.onRecord(sentAt);
      loop.onRecords(1);
    }
  }

  private void pong(byte[] bytes, int length) {
    try {
      send(ClientFrames.pong(bytes, length));
    } catch (IOException e) {
      fault(e.toString());
    }
  }

  /** Small, and the gateway reads: a socket that does not take it at once is not measured. */
  private void send(ByteBuffer frame) throws IOException {
    channel.write(frame);
    if (frame.hasRemaining()) {
      throw new IOException("the gateway does not read");
    }
  }

  /** Nothing more is expected of this socket, which has not done what it should. */
  void fault(String what) {
    if (state != State.ENDED) {
      state = State.ENDED;
      loop.onFault("socket " + number + " " + what);
    }
  }

  /** Resets the connection. */
  void drop() {
    state = State.ENDED;
    try {
      channel.close();
    } catch (IOException e) {
      loop.onFault("socket " + number + " does not close: " + e);
    }
  }

  private static String text(byte[] bytes, int from, int length) {
    int shown = Math.min(length, from + 300);
    return from >= shown ? "" : new String(bytes, from, shown - from, StandardCharsets.UTF_8);
  }
}
