package io.sluice.relay;

import io.sluice.log.Gap;
import io.sluice.log.GapReason;

/**
 * Where a subscriber stands, as a type: each offers the turn that is right there and moves to the
 * next itself.
 *
 * <pre>
 * Joining → Live          everything below its positions lies behind it
 * Joining, Live → Fallen  the window let go where it stood; by its overflow it then becomes
 *                         Replaying, Joining (behind what it skips) or Ended
 * Replaying → Joining     its positions lie inside the window, in every partition
 * any → Ended
 * </pre>
 */
sealed interface CursorState
    permits CursorState.Live,
        CursorState.Joining,
        CursorState.Fallen,
        CursorState.Ended,
        Replaying {
  /** The next link to send; {@code Long.MAX_VALUE} where it does not stand in the window. */
  default long sequence() {
    return Long.MAX_VALUE;
  }

  /** Whether it is on its way to where its feed is. */
  default boolean isBehind() {
    return true;
  }

  /** The next offset to read of each partition. */
  long[] vector(WindowView view);

  /**
   * Hands over what may be handed over in one turn. The outlet is clear.
   *
   * @return true where there may be more at once
   */
  boolean turn(Subscriber subscriber);

  /** A plain place in the window: one number. */
  final class Live implements CursorState {
    private long sequence;

    Live(long sequence) {
      this.sequence = sequence;
    }

    @Override
    public long sequence() {
      return sequence;
    }

    @Override
    public boolean isBehind() {
      return false;
    }

    @Override
    public long[] vector(WindowView view) {
      return view.vectorAt(sequence);
    }

    @Override
    public boolean turn(Subscriber subscriber) {
      WindowView view = subscriber.view;
      if (sequence == view.next()) {
        return false;
      }
      long from = sequence;
      long to = subscriber.wholeEnd(view, from);
      if (to > from) {
        sequence = to;
        subscriber.handOver(view, from, to);
        return sequence < view.next();
      }
      if (!subscriber.mayHaveRecords()) {
        subscriber.hold();
        return false;
      }
      // A part of a stretch, or several in one message: that needs a vector, until it is whole
      // again.
      Joining part = new Joining(sequence, vector(view));
      subscriber.become(part);
      return part.handOver(subscriber);
    }
  }

  /**
   * In the window, where some of what follows may lie below its positions and is skipped or cut:
   * that of who has just come, or whose credit ended within a stretch.
   */
  final class Joining implements CursorState {
    private long sequence;
    private long[] positions;

    Joining(long sequence, long[] positions) {
      this.sequence = sequence;
      this.positions = positions;
    }

    @Override
    public long sequence() {
      return sequence;
    }

    @Override
    public long[] vector(WindowView view) {
      return view.fit(positions);
    }

    @Override
    public boolean turn(Subscriber subscriber) {
      WindowView view = subscriber.view;
      view.observe();
      positions = view.fit(positions);
      while (sequence < view.next() && reach(view, sequence) == Stretch.Reach.NONE) {
        sequence++;
      }
      if (sequence >= view.plainFrom(positions)) {
        subscriber.become(new Live(sequence));
        return sequence < view.next();
      }
      return sequence < view.next() && handOver(subscriber);
    }

    private boolean handOver(Subscriber subscriber) {
      Portion portion = Portion.take(subscriber.view, sequence, positions, subscriber);
      if (portion == null) {
        subscriber.hold();
        return false;
      }
      sequence = portion.next();
      subscriber.handOver(portion);
      return true;
    }

    private Stretch.Reach reach(WindowView view, long at) {
      return view.stretch(at).reach(positions);
    }
  }

  /**
   * Fell out of the window and asked to skip: jumps when the socket takes bytes again, it has
   * credit and its pace allows, and not before: else it would fall out again.
   */
  record Fallen(long[] positions) implements CursorState {
    @Override
    public long[] vector(WindowView view) {
      return view.fit(positions);
    }

    @Override
    public boolean turn(Subscriber subscriber) {
      if (!subscriber.mayHaveRecords()) {
        subscriber.hold();
        return false;
      }
      WindowView view = subscriber.view;
      long[] missedFrom = view.fit(positions);
      long target = view.middle();
      long[] goesOnFrom = view.vectorAt(target);
      for (int i = 0; i < goesOnFrom.length; i++) {
        goesOnFrom[i] = Math.max(goesOnFrom[i], missedFrom[i]);
      }
      subscriber.become(new Joining(target, goesOnFrom));
      long[] told = subscriber.told().clone();
      for (int i = 0; i < goesOnFrom.length; i++) {
        if (missedFrom[i] < goesOnFrom[i]) {
          told[i] = goesOnFrom[i];
        }
      }
      subscriber.told(told);
      for (int i = 0; i < goesOnFrom.length; i++) {
        if (missedFrom[i] < goesOnFrom[i]) {
          boolean closed = goesOnFrom[i] == Stretch.CLOSED;
          GapReason reason = closed ? GapReason.TOPIC_RECREATED : GapReason.OVERFLOW;
          long to = closed ? Gap.UNKNOWN : goesOnFrom[i];
          subscriber.tell(new Gap(view.partition(i).partition(), missedFrom[i], to, reason));
        }
      }
      return true;
    }
  }

  /** Left, or was ended. */
  record Ended(long[] positions) implements CursorState {
    @Override
    public boolean isBehind() {
      return false;
    }

    @Override
    public long[] vector(WindowView view) {
      return view.fit(positions);
    }

    @Override
    public boolean turn(Subscriber subscriber) {
      return false;
    }
  }
}
