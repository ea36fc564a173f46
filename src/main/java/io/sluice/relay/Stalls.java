package io.sluice.relay;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

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
    LoopRelay longest = loops.getFirst();
    for (LoopRelay loop : loops) {
      if (loop.standingSince() < longest.standingSince()) {
        longest = loop;
      }
    }
    LoopRelay chosen = longest;
    chosen.execute(() -> {
      chosen.closeLongestStanding();
      closing.set(false);
      check();
    });
  }
}
