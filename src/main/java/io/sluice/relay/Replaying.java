package io.sluice.relay;

import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.LogFailure;
import org.jspecify.annotations.Nullable;

/**
 * Reads on from the log, a slice at a time, until the window covers its positions in every
 * partition.
 *
 * <p>A slice is asked for only in a turn, that is, when the socket takes bytes. It is held as long
 * as the socket takes more; once it was looked at and did not, the slice is only known, and asked
 * for again if it is gone by the time the socket takes more: no slow socket pins one.
 */
final class Replaying implements CursorState {
  private long[] positions;
  private int partition = -1;
  private boolean asked;
  private boolean held;
  private @Nullable ReplaySlice slice;
  private int place;

  Replaying(long[] positions) {
    this.positions = positions;
  }

  @Override
  public long[] vector(WindowView view) {
    return view.fit(positions);
  }

  @Override
  public boolean turn(Subscriber subscriber) {
    WindowView view = subscriber.view;
    positions = view.fit(positions);
    if (!tellClosed(subscriber)) {
      return false;
    }
    if (view.covers(positions)) {
      loosen();
      subscriber.become(new Joining(view.startFor(positions), positions));
      return true;
    }
    ReplaySlice known = slice;
    if (known != null && !held && !known.tryRetain()) {
      known = null;
      slice = null;
    }
    if (known == null) {
      ask(subscriber);
      return false;
    }
    // While it sends, the reference is this call's: a write may end the subscriber, which lets go
    // of what it holds.
    held = false;
    send(subscriber, known);
    held = slice != null && subscriber.isIn(this);
    if (!held) {
      known.release();
    }
    return true;
  }

  /** The slice that was asked for is there. Takes over a reference to it. */
  void onSlice(ReplaySlice arrived) {
    asked = false;
    slice = arrived;
    held = true;
    place = 0;
  }

  /** It cannot be read because of {@code failure}: goes on behind what the log lost, or ends. */
  void onFailure(Subscriber subscriber, LogFailure failure) {
    asked = false;
    if (subscriber.view.isClosed(partition) || subscriber.view.end(partition) != null) {
      return; // its next turn tells
    }
    if (failure instanceof LogFailure.OffsetOutOfRange range
        && positions[partition] < range.oldest()) {
      long from = positions[partition];
      positions[partition] = range.oldest();
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
    if (held && slice != null) {
      slice.release();
    }
    held = false;
  }

  /**
   * What it had still to read of a topic that is no more will not come. False where the subscriber
   * left over it.
   */
  private boolean tellClosed(Subscriber subscriber) {
    WindowView view = subscriber.view;
    for (int i = 0; i < positions.length; i++) {
      long from = positions[i];
      Long end = view.end(i);
      if (view.isClosed(i) && from != Stretch.CLOSED) {
        if (!view.covers(i, from) || view.isOwedAnew(i)) {
          positions[i] = Stretch.CLOSED;
          tellLost(subscriber, i, from, Gap.UNKNOWN, GapReason.TOPIC_RECREATED);
        }
      } else if (end != null && from < end && !view.covers(i, from)) {
        positions[i] = end;
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

  private void send(Subscriber subscriber, ReplaySlice from) {
    while (place < from.size() && from.stretch(place).reach(positions) == Stretch.Reach.NONE) {
      place++;
    }
    if (place < from.size() && from.stretch(place).reach(positions) == Stretch.Reach.SOME) {
      subscriber.writeCut(from.stretch(place++), positions);
    } else if (place < from.size()) {
      int first = place;
      int end = from.runEnd(first, subscriber.maxBytes());
      while (place < end) {
        from.stretch(place++).advance(positions);
      }
      subscriber.write(from.bytes(first, end));
    }
    if (place >= from.size()) {
      positions[partition] = Math.max(positions[partition], from.to());
      slice = null;
    }
  }
}
