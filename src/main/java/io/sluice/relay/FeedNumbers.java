package io.sluice.relay;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The numbers of feeds, and how many there are, whichever reader they belong to. Any thread. */
final class FeedNumbers {
  private final int most;
  private final AtomicInteger existing = new AtomicInteger();
  private final AtomicLong last = new AtomicLong();

  FeedNumbers(int most) {
    this.most = most;
  }

  /** The number of a new feed, never given before; empty where there may not be one more. */
  OptionalLong take() {
    int now = existing.get();
    while (now < most) {
      if (existing.compareAndSet(now, now + 1)) {
        return OptionalLong.of(last.incrementAndGet());
      }
      now = existing.get();
    }
    return OptionalLong.empty();
  }

  /** A feed is no more. */
  void giveBack() {
    existing.decrementAndGet();
  }
}
