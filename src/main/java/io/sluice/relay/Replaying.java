package io.sluice.relay;

import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.LogFailure;
import java.lang.ref.WeakReference;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads on from the log, a slice at a time, until the window covers its positions in every
 * partition.
 *
 * <p>A slice is asked for only in a turn in which records may be handed over: the socket takes
 * bytes, and there is credit. It is held as long as that is so; afterwards the slice is only known,
 * and asked for again if it is gone by then: nobody who waits pins one.
 */
final class Replaying implements CursorState {
  private long[] positions;

  /** What of its positions the client knows: not what was scanned behind its last record. */
  private long[] told;

  /** In which partitions it has scanned further than what the client was handed, or knows. */
  private final BitSet scanned = new BitSet();

  private int partition = -1;
  private boolean asked;
  private @Nullable ReplaySlice held;
  private @Nullable WeakReference<ReplaySlice> known;
  private long place;

  Replaying(long[] positions, long[] told) {
    this.positions = positions;
    this.told = told.clone();
  }

  @Override
  public long[] vector(WindowView view) {
    return view.fit(positions);
  }

  @Override
  public boolean turn(Subscriber subscriber) {
    WindowView view = subscriber.view;
    positions = view.fit(positions);
    told = view.fit(told);
    if (!tellClosed(subscriber)) {
      return false;
    }
    if (view.covers(positions)) {
      subscriber.told(told);
      subscriber.become(new Joining(view.startFor(positions), positions));
      return true;
    }
    // While it sends, the reference is this call's: a write may end the subscriber, which lets go
    // of what it holds.
    ReplaySlice slice = take();
    if (slice != null) {
      return send(subscriber, slice);
    }
    if (subscriber.mayHaveRecords()) {
      ask(subscriber);
    } else {
      subscriber.hold();
    }
    return false;
  }

  /**
   * Whether the client can be told that it has come further, although it was handed nothing: who
   * finds little may scan for a long time. True once; then the client knows.
   */
  boolean tellsNews(WindowView view) {
    boolean news = scanned.stream().anyMatch(i -> !view.isClosed(i) && view.leftAt(i) == null);
    if (news) {
      scanned.clear();
      positions = view.fit(positions);
      told = positions.clone();
    }
    return news;
  }

  /** The slice that was asked for is there. Takes over a reference to it. */
  void onSlice(ReplaySlice arrived) {
    asked = false;
    held = arrived;
    place = 0;
  }

  /** It cannot be read because of {@code failure}: goes on behind what the log lost, or ends. */
  void onFailure(Subscriber subscriber, LogFailure failure) {
    asked = false;
    if (subscriber.view.isClosed(partition) || subscriber.view.leftAt(partition) != null) {
      return; // its next turn tells
    }
    if (failure instanceof LogFailure.OffsetOutOfRange range
        && positions[partition] < range.oldest()) {
      long from = positions[partition];
      move(partition, range.oldest());
      subscriber.tell(
          new Gap(
              subscriber.view.partition(partition).partition(),
              from,
              range.oldest(),
              GapReason.RETENTION));
    } else {
      subscriber.end(new Ending.Log(failure));
    }
  }

  /** Lets the slice be freed, as far as it is concerned. */
  void loosen() {
    ReplaySlice slice = held;
    if (slice != null) {
      held = null;
      known = new WeakReference<>(slice);
      slice.release();
    }
  }

  /** A reference to the slice that it reads; {@code null} where that is gone, or there is none. */
  private @Nullable ReplaySlice take() {
    ReplaySlice slice = held;
    held = null;
    if (slice == null && known != null) {
      slice = known.get();
      if (slice != null && !slice.tryRetain()) {
        slice = null;
      }
    }
    known = null;
    return slice;
  }

  /**
   * What it had still to read of a topic that is no more will not come. False where the subscriber
   * left over it.
   */
  private boolean tellClosed(Subscriber subscriber) {
    WindowView view = subscriber.view;
    for (int i = 0; i < positions.length; i++) {
      long from = positions[i];
      Long end = view.leftAt(i);
      if (view.isClosed(i) && from != Stretch.CLOSED) {
        if (!view.covers(i, from) || view.isOwedAnew(i)) {
          move(i, Stretch.CLOSED);
          tellLost(subscriber, i, from, Gap.UNKNOWN, GapReason.TOPIC_RECREATED);
        }
      } else if (end != null && from < end && !view.covers(i, from)) {
        move(i, end);
        tellLost(subscriber, i, from, end, GapReason.RETENTION);
      }
    }
    return subscriber.isIn(this);
  }

  private static void tellLost(
      Subscriber subscriber, int partition, long from, long to, GapReason reason) {
    subscriber.tell(new Gap(subscriber.view.partition(partition).partition(), from, to, reason));
  }

  private void ask(Subscriber subscriber) {
    if (asked) {
      return;
    }
    WindowView view = subscriber.view;
    int next = partition;
    do {
      next = (next + 1) % positions.length;
    } while (view.covers(next, positions[next]));
    partition = next;
    asked = true;
    subscriber.ask(this, view.partition(next), positions[next], view.head(next));
  }

  /** Hands over a little of {@code slice}, a reference to which it was given. */
  private boolean send(Subscriber subscriber, ReplaySlice slice) {
    while (place < slice.end() && slice.stretch(place).reach(positions) == Stretch.Reach.NONE) {
      place++;
    }
    if (place < slice.end() && !handOver(subscriber, slice)) {
      held = slice;
      subscriber.hold(); // loosens
      return false;
    }
    if (place >= slice.end()) {
      if (slice.to() > positions[partition]) {
        positions[partition] = slice.to();
        scanned.set(partition);
      }
    } else if (subscriber.isIn(this)) {
      held = slice;
      return true;
    }
    slice.release();
    return true;
  }

  /**
   * Hands over what {@code subscriber} may have of {@code slice}; false where that is nothing now.
   * Where it fails, the reference is given back.
   */
  private boolean handOver(Subscriber subscriber, ReplaySlice slice) {
    try {
      Portion portion = Portion.take(slice, place, positions, subscriber);
      if (portion == null) {
        return false;
      }
      place = portion.next();
      told[partition] = positions[partition];
      scanned.clear(partition);
      subscriber.handOver(portion);
      return true;
    } catch (RuntimeException | Error e) {
      slice.release();
      throw e;
    }
  }

  private void move(int index, long to) {
    positions[index] = to;
    told[index] = to;
    scanned.clear(index);
  }
}
