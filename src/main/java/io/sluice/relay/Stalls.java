package io.sluice.relay;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Closes the longest-stalled socket, on whichever event loop it is, while sockets hold too much.
 * Any thread.
 */
final class Stalls {
  private final List<LoopRelay> loops = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final MemoryBudget budget;

  Stalls(MemoryBudget budget) {
    this.budget = budget;
  }

  void add(LoopRelay loop) {
    loops.add(loop);
  }

  void check() {
    if (!budget.isOverheld() || !closing.compareAndSet(false, true)) {
      return;
    }
    LoopRelay chosen = longest();
    while (chosen != null && !closeOn(chosen)) {
      // It has ended, and its sockets with it: the next one then.
      loops.remove(chosen);
      chosen = longest();
    }
    if (chosen == null) {
      closing.set(false);
    }
  }

  /** False where the loop takes no task any more. */
  private boolean closeOn(LoopRelay chosen) {
    return chosen.execute(() -> {
      try {
        chosen.closeLongestStanding();
      } finally {
        closing.set(false);
      }
      check();
    });
  }

  /** The loop with the longest-stalled socket; {@code null} where none stands. */
  private @Nullable LoopRelay longest() {
    LoopRelay longest = null;
    long since = Long.MAX_VALUE;
    for (LoopRelay loop : loops) {
      if (loop.standingSince() < since) {
        longest = loop;
        since = loop.standingSince();
      }
    }
    return longest;
  }
}
