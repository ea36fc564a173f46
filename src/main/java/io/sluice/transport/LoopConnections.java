package io.sluice.transport;

import io.netty.channel.EventLoop;
import io.sluice.relay.LoopRelay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The connections of one event loop, and their common clock. Event-loop thread only, but for {@link
 * #execute}.
 *
 * <p>One timer for all: a timer of its own would cost every idle connection more than its buffers
 * do.
 */
final class LoopConnections {
  /** How many connections are visited before the loop serves its sockets again. */
  private static final int SLICE = 256;

  private final EventLoop eventLoop;
  private final LoopRelay relay;
  private final List<Peer> connections = new ArrayList<>();
  private final ReceiveBuffers receiveBuffers = new ReceiveBuffers();

  LoopConnections(EventLoop eventLoop, LoopRelay relay, Duration tick) {
    this.eventLoop = eventLoop;
    this.relay = relay;
    eventLoop.scheduleAtFixedRate(this::tick, tick.toNanos(), tick.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The relay of this loop. */
  LoopRelay relay() {
    return relay;
  }

  /** What sockets of this loop are read into. */
  ReceiveBuffers receiveBuffers() {
    return receiveBuffers;
  }

  void add(Peer connection) {
    connections.add(connection);
    connection.place = connections.size() - 1;
  }

  void remove(Peer connection) {
    Peer last = connections.removeLast();
    if (last != connection) {
      connections.set(connection.place, last);
      last.place = connection.place;
    }
  }

  /** How many there are. */
  int size() {
    return connections.size();
  }

  /** Whether one of them has not been answered yet. */
  boolean isBusy() {
    return connections.stream().anyMatch(Peer::isBusy);
  }

  void onAvailability(boolean available) {
    forEach(connection -> connection.onAvailability(available));
  }

  /** Tells every peer to be back, elsewhere, at a moment of its own within {@code window}. */
  void onDrain(Duration window) {
    long millis = Math.max(1, window.toMillis());
    forEach(connection ->
        connection.onDrain(Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis))));
  }

  /** Runs {@code task} on this loop. Any thread. */
  void execute(Runnable task) {
    eventLoop.execute(task);
  }

  private void tick() {
    long now = System.nanoTime();
    forEach(connection -> connection.tick(now));
  }

  /**
   * Visits those that are there now, a slice at a time; one that moves meanwhile may be met twice
   * or next time.
   */
  void forEach(Consumer<Peer> visit) {
    visitFrom(connections.size(), visit);
  }

  /**
   * From the end to the start: a removal moves the last one into a place that is still to come, or
   * was visited.
   */
  private void visitFrom(int end, Consumer<Peer> visit) {
    int at = Math.min(end, connections.size());
    int stop = Math.max(0, at - SLICE);
    while (at > stop) {
      at--;
      if (at < connections.size()) { // a visit may have closed some
        visit.accept(connections.get(at));
      }
    }
    if (stop > 0) {
      int rest = stop;
      eventLoop.execute(() -> visitFrom(rest, visit));
    }
  }
}
