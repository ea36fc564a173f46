package io.sluice.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The subscribers of one view. Its event loop's thread. */
final class Cursors {
  private static final int STEP = 64;

  private final ArrayList<Subscriber> subscribers = new ArrayList<>(1);
  private long lowest = Long.MAX_VALUE;
  private int start;

  void add(Subscriber subscriber) {
    subscriber.place = subscribers.size();
    subscribers.add(subscriber);
  }

  /** Does nothing where it is gone already. */
  void remove(Subscriber subscriber) {
    int place = subscriber.place;
    if (place < 0) {
      return;
    }
    Subscriber last = subscribers.removeLast();
    if (last != subscriber) {
      subscribers.set(place, last);
      last.place = place;
    }
    subscriber.place = -1;
  }

  boolean isEmpty() {
    return subscribers.isEmpty();
  }

  /** A cursor was put at {@code sequence}: the only way for one to stand lower than before. */
  void placed(long sequence) {
    lowest = Math.min(lowest, sequence);
  }

  /** Those that stand below {@code sequence}. Looks at all only when one may be there. */
  List<Subscriber> below(long sequence) {
    if (lowest >= sequence) {
      return List.of();
    }
    List<Subscriber> below = new ArrayList<>();
    lowest = Long.MAX_VALUE;
    for (Subscriber subscriber : subscribers) {
      if (subscriber.sequence() < sequence) {
        below.add(subscriber);
      } else {
        lowest = Math.min(lowest, subscriber.sequence());
      }
    }
    return below;
  }

  /**
   * Calls {@code action}, which removes none, for each; begins further on every time, so that
   * nobody is always last.
   */
  void forEach(Consumer<Subscriber> action) {
    int size = subscribers.size();
    start = size == 0 ? 0 : (start + STEP) % size;
    for (int i = 0; i < size; i++) {
      action.accept(subscribers.get((start + i) % size));
    }
  }

  /** All of them, for who removes some. */
  List<Subscriber> copy() {
    return List.copyOf(subscribers);
  }
}
