package io.sluice.wire;

import io.netty.buffer.ByteBuf;
import io.sluice.log.Gap;
import io.sluice.log.LogRecord;
import io.sluice.log.Positions;
import io.sluice.log.TopicId;
import io.sluice.protocol.Event;
import java.util.Map;

/**
 * Blocks of an event stream (HTML §9.2.5, "Parsing an event stream"): a record is a block of its
 * own without a name, every other event has its type as its name and its message as its data.
 * Stateless: any thread.
 */
public final class EventBlocks {
  private static final String DATA = "data: ";
  private static final String END = "\n\n";

  private EventBlocks() {}

  /**
   * Writes one record. Its JSON stays on one line: in valid JSON a line end is nothing but white
   * space, for which a space stands as well.
   *
   * @param records the feed's, in JSON
   */
  public static void record(Records records, LogRecord record, ByteBuf out) {
    JsonOut.raw(out, DATA);
    int start = out.writerIndex();
    records.element(record, out);
    blank(out, start, '\n');
    blank(out, start, '\r');
    JsonOut.raw(out, END);
  }

  private static void blank(ByteBuf out, int from, char lineEnd) {
    int end = out.writerIndex();
    int at = out.indexOf(from, end, (byte) lineEnd);
    while (at >= 0) {
      out.setByte(at, ' ');
      at = out.indexOf(at + 1, end, (byte) lineEnd);
    }
  }

  /** Writes a gap of the feed that clients know as {@code subscription}. */
  public static void gap(long subscription, Gap gap, ByteBuf out) {
    event(new Event.Missing(subscription, gap), out);
  }

  /** Writes anything else that a client is told. */
  public static void event(Event event, ByteBuf out) {
    JsonOut.raw(out, "event: " + name(event) + "\n" + DATA);
    MessageFormat.JSON.write(event, out);
    JsonOut.raw(out, END);
  }

  /**
   * Writes a block that is no event: whoever reads it knows its place in the stream from now on.
   *
   * @return false where the id would be too long; then nothing is written
   */
  public static boolean id(Positions positions, Map<String, TopicId> topicIds, ByteBuf out) {
    int start = out.writerIndex();
    JsonOut.raw(out, "id: ");
    if (!EventId.write(positions, topicIds, out)) {
      out.writerIndex(start);
      return false;
    }
    JsonOut.raw(out, END);
    return true;
  }

  /** Writes how long a client waits before it comes back when the stream ends. */
  public static void retry(long millis, ByteBuf out) {
    JsonOut.raw(out, "retry: " + millis + END);
  }

  /** Writes what clients skip, so that nothing in between believes the stream dead. */
  public static void comment(ByteBuf out) {
    JsonOut.raw(out, ":\n");
  }

  private static String name(Event event) {
    return switch (event) {
      case Event.Welcome _ -> "welcome";
      case Event.Subscribed _ -> "subscribed";
      case Event.Unsubscribed _ -> "unsubscribed";
      case Event.Published _ -> "published";
      case Event.Pong _ -> "pong";
      case Event.Live _ -> "live";
      case Event.Missing _ -> "gap";
      case Event.Scanned _ -> "position";
      case Event.Described _ -> "described";
      case Event.Ended _ -> "ended";
      case Event.Status _ -> "status";
      case Event.Draining _ -> "draining";
      case Event.Refused _ -> "error";
    };
  }
}
