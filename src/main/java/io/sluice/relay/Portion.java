package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What a cursor takes from a row of stretches in one turn. */
sealed interface Portion {
  /** The number of the stretch with which it goes on. */
  long next();

  /**
   * The stretches in {@code [from, next)}, which lie in one piece, as they are; maybe without
   * bytes. Valid as long as its subscriber holds the row.
   */
  record Whole(StretchRow row, long from, long next) implements Portion {}

  /**
   * Frames that were put together for this cursor alone, for whoever takes them to release.
   *
   * @param records how many records are in them
   */
  record Made(long next, ByteBuf frames, int records) implements Portion {}

  /**
   * What {@code subscriber} may have of what lies at or after {@code positions}, which are moved
   * behind it: whole stretches, or a part of one, or one message of several. {@code null} where it
   * may have nothing now.
   *
   * @param at a stretch that does not lie below the positions
   */
  static @Nullable Portion take(StretchRow row, long at, long[] positions, Subscriber subscriber) {
    long end = subscriber.wholeEnd(row, at);
    long next = at;
    while (next < end && row.stretch(next).reach(positions) == Stretch.Reach.ALL) {
      row.stretch(next++).advance(positions);
    }
    if (next > at) {
      return new Whole(row, at, next);
    }
    return switch (row.stretch(at)) {
      case RecordStretch _ ->
          subscriber.mayHaveRecords() ? excerpt(row, at, positions, subscriber) : null;
      case GapStretch gap -> cut(gap, at, positions, subscriber);
      case PartitionsStretch _ -> new Whole(row, at, at + 1);
    };
  }

  /** One message with as much as is allowed; for who is not paced, of one stretch. */
  private static Portion excerpt(StretchRow row, long at, long[] positions, Subscriber subscriber) {
    Excerpt message = subscriber.excerpt();
    try {
      long next = at;
      boolean goesOn = true;
      while (goesOn && next < row.end() && row.stretch(next) instanceof RecordStretch records) {
        goesOn = records.excerpt(positions, message);
        if (goesOn) {
          next++;
          goesOn = subscriber.isPaced();
        }
      }
      ByteBuf out = subscriber.alloc().buffer();
      try {
        message.frame(out);
      } catch (RuntimeException e) {
        out.release();
        throw e;
      }
      return new Made(next, out, message.records());
    } finally {
      message.release();
    }
  }

  private static Portion cut(GapStretch gap, long at, long[] positions, Subscriber subscriber) {
    ByteBuf out = subscriber.alloc().buffer();
    try {
      gap.cut(positions, subscriber.view.feed.encoder(), out);
    } catch (RuntimeException e) {
      out.release();
      throw e;
    }
    gap.advance(positions);
    return new Made(at + 1, out, 0);
  }
}
