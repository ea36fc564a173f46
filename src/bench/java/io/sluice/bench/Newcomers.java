package io.sluice.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * Clients that come one after the other while a run goes on, each on a thread of its own: how long
 * from connecting until subscribed. They come at their moments whether those before them are done
 * or not, and leave once they are subscribed.
 */
final class Newcomers implements AutoCloseable {
  private static final int LONGEST_READ = 4096;

  /** A client, and when it began to connect. */
  private record Waiting(int number, long since) {}

  private final LoadPlan plan;
  private final LoadCounters counters;
  private final byte[] subscribe;
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
  private final List<Long> took = new ArrayList<>();
  private volatile boolean ended;

  /** They begin to come where the plan wants any. */
  Newcomers(LoadPlan plan, LoadCounters counters) {
    this.plan = plan;
    this.counters = counters;
    ByteBuffer command = plan.subprotocol().command(plan.subscribe(0));
    this.subscribe = new byte[command.remaining()];
    command.get(subscribe);
    if (plan.crowd().newcomerMillis() > 0) {
      Thread.ofPlatform().daemon().name("newcomers").start(this::come);
    }
  }

  private void come() {
    long began = System.nanoTime();
    for (int i = 0; !ended; i++) {
      long due = began + i * plan.crowd().newcomerMillis() * 1_000_000L;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      Waiting client = new Waiting(i, due);
      waiting.add(client);
      Thread.startVirtualThread(() -> subscribe(client));
    }
  }

  private void subscribe(Waiting client) {
    try (Socket socket = new Socket()) {
      socket.setSoLinger(true, 0);
      socket.setTcpNoDelay(true);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), plan.port(client.number)));
      socket.getOutputStream().write(plan.subprotocol().upgrade());
      await(socket.getInputStream(), "\r\n\r\n");
      socket.getOutputStream().write(subscribe);
      await(socket.getInputStream(), "subscribed");
      done(client);
    } catch (IOException e) {
      if (!ended) {
        counters.onFault("a new client was not subscribed: " + e);
      }
    }
  }

  private static void await(InputStream in, String wanted) throws IOException {
    ByteArrayOutputStream came = new ByteArrayOutputStream();
    byte[] some = new byte[LONGEST_READ];
    while (!came.toString(StandardCharsets.ISO_8859_1).contains(wanted)) {
      int read = in.read(some);
      if (read < 0) {
        throw new IOException("the connection ended before " + wanted.trim() + " came");
      }
      came.write(some, 0, read);
    }
  }

  private void done(Waiting client) {
    if (waiting.remove(client)) {
      synchronized (took) {
        took.add(System.nanoTime() - client.since);
      }
    }
  }

  /** No more come; those that still wait count with how long they have waited. */
  @Override
  public void close() {
    ended = true;
    waiting.forEach(this::done);
  }

  /** How long each took, in nanoseconds, in order of length. */
  LongStream sorted() {
    synchronized (took) {
      return took.stream().mapToLong(Long::longValue).sorted();
    }
  }
}
