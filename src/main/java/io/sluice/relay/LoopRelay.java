package io.sluice.relay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of the relay that one event loop owns. That thread only, where nothing else is said.
 *
 * <p>The crossing from the reader's thread to this loop: {@link #onGrown} and {@link #wake} there,
 * {@link #onWake} here.
 */
public final class LoopRelay {
  /**
   * Sockets that are served in one task: then the loop looks at its own sockets, and accepts new
   * ones.
   */
  static final int SWEEP = 64;

  /**
   * Of those that took much the last time so many are served in one task, behind the others: a live
   * record does not wait until a thousand have had their turn at a backlog, nor do they wait for
   * ever.
   */
  static final int BULK_SWEEP = 8;

  /** Bytes of one visit from which on a socket takes much. */
  static final int BULK_BYTES = 16 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(LoopRelay.class);

  private final Executor eventLoop;
  private final LoopTimer timer;
  private final RelaySettings settings;
  private final RelayCounters counters;
  private final MemoryBudget budget;
  private final Stalls stalls;
  private final ReaderInboxes readers;
  private final LongSupplier nanoClock;

  private final Timetable timetable = new Timetable(this);
  private final PositionRounds rounds = new PositionRounds(this);
  private final Queue<WindowView> grown = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();

  private final ArrayDeque<SocketCursors> ready = new ArrayDeque<>();
  private final ArrayDeque<SocketCursors> bulk = new ArrayDeque<>();
  private boolean sweepScheduled;

  /** Bytes that all its sockets were handed. */
  long handedOver;

  private List<WindowView> left = new ArrayList<>();
  private final Set<SocketCursors> standing = new LinkedHashSet<>();
  private volatile long standingSince = Long.MAX_VALUE;

  LoopRelay(
      Executor eventLoop,
      LoopTimer timer,
      RelaySettings settings,
      RelayCounters counters,
      MemoryBudget budget,
      Stalls stalls,
      ReaderInboxes readers,
      LongSupplier nanoClock) {
    this.eventLoop = eventLoop;
    this.timer = timer;
    this.settings = settings;
    this.counters = counters;
    this.budget = budget;
    this.stalls = stalls;
    this.readers = readers;
    this.nanoClock = nanoClock;
  }

  /**
   * A socket is there.
   *
   * @param outlet where its bytes leave
   * @param owner with whom it shares its turns at replay: the principal
   */
  public SocketCursors open(Outlet outlet, String owner) {
    return new SocketCursors(this, outlet, owner);
  }

  RelaySettings settings() {
    return settings;
  }

  RelayCounters counters() {
    return counters;
  }

  /** Who is to have a turn later. */
  Timetable timetable() {
    return timetable;
  }

  /** Tells who hears nothing how far its partitions were scanned. */
  PositionRounds rounds() {
    return rounds;
  }

  /** This moment, in nanoseconds of a clock that never goes back. */
  long now() {
    return nanoClock.getAsLong();
  }

  /** Runs {@code task} on this loop when {@code nanos} have passed; never where the loop ends. */
  Future<?> after(long nanos, Runnable task) {
    try {
      return timer.after(nanos, () -> runTimed(task));
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** A timer keeps what its task throws for whoever asks, and nobody asks. */
  private static void runTimed(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("A task of the relay that was due failed.", e);
    } catch (Error e) {
      LOG.error("A task of the relay that was due failed.", e);
      throw e;
    }
  }

  /** Runs {@code task} on this loop; false where the loop has ended. Any thread. */
  boolean execute(Runnable task) {
    try {
      eventLoop.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      // The loop has ended and its sockets with it: there is nobody left to tell.
      woken.set(false);
      return false;
    }
  }

  /** {@code view} has more to see, once {@link #wake} is called. Reader's thread. */
  void onGrown(WindowView view) {
    if (!view.grown.getAndSet(true)) {
      grown.add(view);
    }
  }

  /** Tells the loop of all views that grew, in one task. Reader's thread. */
  void wake() {
    if (!grown.isEmpty() && woken.compareAndSet(false, true)) {
      counters.wakeUps.increment();
      execute(this::onWake);
    }
  }

  /** {@code socket} has somebody who waits for a turn. */
  void enqueue(SocketCursors socket) {
    (socket.bulk ? bulk : ready).add(socket);
    if (!sweepScheduled) {
      sweepScheduled = true;
      execute(this::sweep);
    }
  }

  /** Sends {@code ticket} to the reader's thread. */
  void attach(Ticket ticket) {
    readers.subscribe(ticket);
  }

  void ask(SliceRequest request) {
    readers.ask(request);
  }

  /**
   * A subscriber of {@code view} left. Those that leave in one task are told to the reader in one.
   */
  void onLeft(WindowView view) {
    if (left.isEmpty()) {
      execute(this::tellLeft);
    }
    if (view.departures++ == 0) {
      left.add(view);
    }
  }

  /** {@code socket} takes no bytes. */
  void onStanding(SocketCursors socket) {
    if (standing.add(socket)) {
      socket.stalledSince = nanoClock.getAsLong();
    }
    int held = socket.outlet().heldBytes();
    budget.held(held - socket.heldBytes);
    socket.heldBytes = held;
    noteStanding();
    stalls.check();
  }

  /** {@code socket} takes bytes again, or is gone. */
  void onMoving(SocketCursors socket) {
    if (standing.remove(socket)) {
      budget.held(-socket.heldBytes);
      socket.heldBytes = 0;
      noteStanding();
    }
  }

  /**
   * Since when its longest-stalled socket stands; {@code Long.MAX_VALUE} where none does. Any
   * thread.
   */
  long standingSince() {
    return standingSince;
  }

  void closeLongestStanding() {
    if (!standing.isEmpty()) {
      SocketCursors socket = standing.iterator().next();
      socket.close();
      counters.stalledClosed.increment();
      socket
          .outlet()
          .closeStalled("sluice.relay.window-bytes: memory is short and this socket stood longest");
    }
  }

  private void noteStanding() {
    standingSince = standing.isEmpty() ? Long.MAX_VALUE : standing.iterator().next().stalledSince;
  }

  private void onWake() {
    woken.set(false);
    WindowView view = grown.poll();
    try {
      while (view != null) {
        view.grown.set(false);
        view.sync();
        view.cursors().forEach(Subscriber::onGrown);
        view = grown.poll();
      }
    } finally { // whatever becomes of one of them, the others are looked at
      if (view != null) {
        execute(this::onWake);
      }
    }
  }

  private void sweep() {
    try {
      serve(ready, SWEEP);
      serve(bulk, BULK_SWEEP);
    } finally { // whatever becomes of one of them, the others have their turn
      sweepScheduled = !ready.isEmpty() || !bulk.isEmpty();
      if (sweepScheduled) {
        // Not as the next task: Netty runs tasks for up to a second before it looks at its sockets.
        after(0, this::sweep);
      }
    }
  }

  private static void serve(ArrayDeque<SocketCursors> queue, int most) {
    for (int i = Math.min(most, queue.size()); i > 0; i--) {
      queue.remove().visit();
    }
  }

  private void tellLeft() {
    List<WindowView> views = left;
    left = new ArrayList<>();
    int[] counts = new int[views.size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = views.get(i).departures;
      views.get(i).departures = 0;
    }
    readers.left(views, counts);
  }
}
