package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What a cursor takes from a row of stretches in one turn. Valid as long as its subscriber holds
 * the row.
 *
 * @param next the number of the stretch with which it goes on
 * @param bytes where whole frames lie; {@code null} where there are none
 * @param index where in them they begin
 * @param length how many bytes they are
 * @param records how many records are in them
 * @param own whether the bytes are there for this portion alone, and go with it
 */
record Portion(
    long next, @Nullable ByteBuf bytes, int index, int length, int records, boolean own) {
  /** The stretches in {@code [from, to)}, which lie in one piece, as they are. */
  static Portion whole(StretchRow row, long from, long to) {
    long first = row.firstWithBytes(from, to);
    Segment segment = first == to ? null : row.stretch(first).segment();
    return segment == null
        ? none(to)
        : new Portion(
            to,
            segment.bytes(),
            row.stretch(first).index(),
            row.bytes(first, to),
            row.records(first, to),
            false);
  }

  private static Portion none(long next) {
    return new Portion(next, null, 0, 0, 0, false);
  }

  private static Portion own(long next, ByteBuf bytes, int records) {
    return new Portion(next, bytes, bytes.readerIndex(), bytes.readableBytes(), records, true);
  }

  /** It has been handed over. */
  void release() {
    if (own && bytes != null) {
      bytes.release();
    }
  }

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
      return whole(row, at, next);
    }
    return switch (row.stretch(at)) {
      case RecordStretch _ ->
          subscriber.mayHaveRecords() ? excerpt(row, at, positions, subscriber) : null;
      case GapStretch gap -> cut(gap, at, positions, subscriber);
      case PartitionsStretch _ -> none(at + 1);
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
      return own(next, out, message.records());
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
    return own(at + 1, out, 0);
  }
}
