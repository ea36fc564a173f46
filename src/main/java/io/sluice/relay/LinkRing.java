package io.sluice.relay;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Links by their sequence, from the oldest that is held to the newest: a ring that grows and
 * shrinks with them. Owned by one event loop.
 */
final class LinkRing {
  /**
   * Stands where nothing is held: a link that leads nowhere, so that nothing is kept from being
   * freed.
   */
  private static final Link GONE = Link.start();

  private static final int SMALLEST = 4;

  private Link[] ring = new Link[SMALLEST];
  private long oldest;
  private long next;

  /**
   * @param first the sequence of the first link to come
   */
  LinkRing(long first) {
    this.oldest = first;
    this.next = first;
  }

  /** The sequence of the oldest link; {@link #next} where there is none. */
  long oldest() {
    return oldest;
  }

  /** The sequence behind the newest link. */
  long next() {
    return next;
  }

  /** For how many links there is room. */
  int size() {
    return ring.length;
  }

  /** The link of that sequence, which is not below {@link #oldest} and below {@link #next}. */
  Link at(long sequence) {
    return ring[(int) (sequence & (ring.length - 1))];
  }

  /** Takes the next link. */
  void put(Link link) {
    if (next - oldest == ring.length) {
      resize(2 * ring.length);
    }
    ring[(int) (next & (ring.length - 1))] = link;
    next++;
  }

  /** Lets go of the links below {@code end}, after {@code each} has seen them. */
  void dropBelow(long end, Consumer<Link> each) {
    for (long sequence = oldest; sequence < end; sequence++) {
      each.accept(at(sequence));
      ring[(int) (sequence & (ring.length - 1))] = GONE;
    }
    oldest = end;
    shrink();
  }

  /** Lets go of all. */
  void clear() {
    Arrays.fill(ring, GONE);
    oldest = next;
  }

  /** A quarter full is half full afterwards: a ring that was just resized is not resized soon. */
  private void shrink() {
    int length = ring.length;
    while (length > SMALLEST && next - oldest <= length / 4) {
      length /= 2;
    }
    if (length < ring.length) {
      resize(length);
    }
  }

  private void resize(int length) {
    Link[] resized = new Link[length];
    Arrays.fill(resized, GONE);
    for (long sequence = oldest; sequence < next; sequence++) {
      resized[(int) (sequence & (length - 1))] = at(sequence);
    }
    ring = resized;
  }
}
