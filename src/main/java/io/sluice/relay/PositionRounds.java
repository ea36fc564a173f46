package io.sluice.relay;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Goes round the subscribers of a loop every five seconds, so that those to whom nothing comes hear
 * how far their partitions were scanned. In slices, between which the loop serves its sockets. Its
 * event loop's thread.
 */
final class PositionRounds {
  /** Often enough that a resume scans little again, seldom enough to cost nothing. */
  static final Duration EVERY = Duration.ofSeconds(5);

  private final LoopRelay loop;
  private final Set<WindowView> views = new LinkedHashSet<>();
  private final ArrayDeque<WindowView> viewsAhead = new ArrayDeque<>();
  private final ArrayDeque<Subscriber> subscribersAhead = new ArrayDeque<>();
  private boolean going;

  PositionRounds(LoopRelay loop) {
    this.loop = loop;
  }

  /** {@code view} has subscribers. */
  void add(WindowView view) {
    views.add(view);
    if (!going) {
      going = true;
      var unused = loop.after(EVERY.toNanos(), this::begin);
    }
  }

  /** {@code view} has none any more. */
  void remove(WindowView view) {
    views.remove(view);
  }

  private void begin() {
    viewsAhead.addAll(views);
    go();
  }

  private void go() {
    try {
      visitSome();
    } finally { // whatever becomes of one of them, the others have their turn
      if (viewsAhead.isEmpty() && subscribersAhead.isEmpty()) {
        end();
      } else {
        loop.execute(this::go);
      }
    }
  }

  private void visitSome() {
    for (int i = 0; i < LoopRelay.SWEEP; i++) {
      Subscriber subscriber = subscribersAhead.poll();
      if (subscriber != null) {
        subscriber.onRound();
        continue;
      }
      WindowView view = viewsAhead.poll();
      if (view == null) {
        return;
      }
      if (views.contains(view)) {
        // Where nothing matched nobody was woken: how far it was read is not known here yet.
        view.sync();
        subscribersAhead.addAll(view.cursors().copy());
      }
    }
  }

  /** The next begins so long after the end of this one: nobody is met twice in less. */
  private void end() {
    going = !views.isEmpty();
    if (going) {
      var unused = loop.after(EVERY.toNanos(), this::begin);
    }
  }
}
