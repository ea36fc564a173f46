package io.sluice.wire;

import io.netty.buffer.ByteBuf;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import io.sluice.protocol.StartingPoint;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a subscription stands, as the id of an event (PROTOCOL §10). Every character of it may
 * stand in a URL and in a header as it is:
 *
 * <pre>
 * id      = "1" *( "~" topic "~" topic-id "~" run *( "_" run ) )
 * run     = [ first "-" ] offset *( "." offset )     ; of partitions first, first + 1, …; first is 0 where not given
 * first, offset = number to the base of 36, in lower case
 * </pre>
 *
 * <p>Stateless: any thread.
 */
public final class EventId {
  /**
   * Characters, at most: with the name of its header it fits into the 8 KiB that proxies commonly
   * take for one field. Room for the offsets of about a thousand partitions.
   */
  public static final int MAX_LENGTH = 8_000;

  private static final String VERSION = "1";
  private static final int BASE = 36;

  /** Of {@link Long#MAX_VALUE}. */
  private static final int MAX_DIGITS = 13;

  /** Of a name and of an identity alike. */
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9._-]{1," + Topic.MAX_NAME_LENGTH + "}");

  private EventId() {}

  /**
   * Appends the id.
   *
   * @param topicIds identities of the topics, by name; those of topics that are not read are left
   *     out
   * @return false where it would be longer than {@link #MAX_LENGTH}; then nothing is appended
   */
  public static boolean write(Positions positions, Map<String, TopicId> topicIds, ByteBuf out) {
    int start = out.writerIndex();
    JsonOut.raw(out, VERSION);
    Partition before = null;
    for (Map.Entry<Partition, Long> entry : positions.byPartition().entrySet()) {
      Partition partition = entry.getKey();
      if (before == null || !before.topic().equals(partition.topic())) {
        TopicId id = topicIds.get(partition.topic());
        JsonOut.raw(out, "~" + partition.topic() + "~" + (id == null ? "" : id.value()) + "~");
        first(out, partition.number());
      } else if (partition.number() == before.number() + 1) {
        out.writeByte('.');
      } else {
        out.writeByte('_');
        first(out, partition.number());
      }
      JsonOut.raw(out, Long.toString(entry.getValue(), BASE));
      before = partition;
      if (out.writerIndex() - start > MAX_LENGTH) {
        out.writerIndex(start);
        return false;
      }
    }
    return true;
  }

  private static void first(ByteBuf out, int partition) {
    if (partition != 0) {
      JsonOut.raw(out, Integer.toString(partition, BASE) + "-");
    }
  }

  /** What an id that {@link #write} made says; {@code null} where nothing here has made it. */
  public static StartingPoint.@Nullable At read(String id) {
    String[] parts = id.length() > MAX_LENGTH ? new String[0] : id.split("~", -1);
    if (parts.length % 3 != 1 || !parts[0].equals(VERSION)) {
      return null;
    }
    Map<Partition, Long> positions = new HashMap<>();
    Map<String, TopicId> topicIds = new HashMap<>();
    for (int i = 1; i < parts.length; i += 3) {
      String topic = parts[i];
      String topicId = parts[i + 1];
      if (!NAME.matcher(topic).matches()
          || !topicId.isEmpty() && !NAME.matcher(topicId).matches()
          || !readRuns(topic, parts[i + 2], positions)) {
        return null;
      }
      if (!topicId.isEmpty() && topicIds.put(topic, new TopicId(topicId)) != null) {
        return null;
      }
    }
    return new StartingPoint.At(new Positions(positions), topicIds);
  }

  private static boolean readRuns(String topic, String runs, Map<Partition, Long> positions) {
    for (String run : runs.split("_", -1)) {
      int dash = run.indexOf('-');
      long partition = dash < 0 ? 0 : number(run.substring(0, dash));
      for (String digits : run.substring(dash + 1).split("\\.", -1)) {
        long offset = number(digits);
        if (offset < 0
            || partition < 0
            || partition > Integer.MAX_VALUE
            || positions.put(new Partition(topic, (int) partition), offset) != null) {
          return false;
        }
        partition++;
      }
    }
    return true;
  }

  /** The number; -1 where it is none of ours. */
  private static long number(String digits) {
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'z')) {
        return -1;
      }
    }
    if (digits.isEmpty() || digits.length() > MAX_DIGITS) {
      return -1;
    }
    try {
      return Long.parseLong(digits, BASE);
    } catch (NumberFormatException beyondLong) {
      return -1;
    }
  }
}
