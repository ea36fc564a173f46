package io.sluice.checker;

import io.sluice.checker.HistoryEvent.Acked;
import io.sluice.checker.HistoryEvent.Connected;
import io.sluice.checker.HistoryEvent.Ended;
import io.sluice.checker.HistoryEvent.GapTold;
import io.sluice.checker.HistoryEvent.PositionTold;
import io.sluice.checker.HistoryEvent.Received;
import io.sluice.checker.HistoryEvent.Refused;
import io.sluice.checker.HistoryEvent.Sent;
import io.sluice.checker.HistoryEvent.Subscribed;
import io.sluice.checker.HistoryEvent.Unknown;
import io.sluice.log.Partition;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An event as one line of text: fields between tabs, the first is the time, the second the kind.
 */
final class HistoryLine {
  private static final String NULL = "\\0";

  private HistoryLine() {}

  static String write(HistoryEvent event) {
    return switch (event) {
      case Connected e -> line(e.at(), "connected", e.connection());
      case Sent e -> line(e.at(), "sent", e.publish(), e.topic(), e.key(), e.value());
      case Acked e -> line(e.at(), "acked", e.publish(), e.partition(), e.offset());
      case Refused e -> line(e.at(), "refused", e.publish(), e.code());
      case Unknown e -> line(e.at(), "unknown", e.publish(), e.why());
      case Subscribed e -> line(e.at(), "subscribed", e.stream(), text(e.positions()));
      case Received e -> line(e.at(), "received", e.stream(), e.partition(), e.offset(), e.value());
      case GapTold e ->
          line(e.at(), "gap", e.stream(), e.partition(), e.from(), e.to(), e.reason());
      case PositionTold e -> line(e.at(), "position", e.stream(), text(e.positions()));
      case Ended e -> line(e.at(), "ended", e.stream(), text(e.positions()));
    };
  }

  static HistoryEvent read(String line) {
    String[] f = line.split("\t", -1);
    long at = Long.parseLong(f[0]);
    return switch (f[1]) {
      case "connected" -> new Connected(at, present(f[2]));
      case "sent" ->
          new Sent(at, Long.parseLong(f[2]), present(f[3]), unescape(f[4]), unescape(f[5]));
      case "acked" -> new Acked(at, Long.parseLong(f[2]), partition(f[3]), Long.parseLong(f[4]));
      case "refused" -> new Refused(at, Long.parseLong(f[2]), present(f[3]));
      case "unknown" -> new Unknown(at, Long.parseLong(f[2]), present(f[3]));
      case "subscribed" -> new Subscribed(at, present(f[2]), positions(f[3]));
      case "received" ->
          new Received(at, present(f[2]), partition(f[3]), Long.parseLong(f[4]), unescape(f[5]));
      case "gap" ->
          new GapTold(
              at,
              present(f[2]),
              partition(f[3]),
              Long.parseLong(f[4]),
              Long.parseLong(f[5]),
              present(f[6]));
      case "position" -> new PositionTold(at, present(f[2]), positions(f[3]));
      case "ended" -> new Ended(at, present(f[2]), positions(f[3]));
      default ->
          throw new IllegalArgumentException("A history has no event of the kind " + f[1] + ".");
    };
  }

  private static String line(long at, String kind, @Nullable Object... fields) {
    StringBuilder line = new StringBuilder().append(at).append('\t').append(kind);
    for (Object field : fields) {
      line.append('\t').append(field == null ? NULL : escape(field.toString()));
    }
    return line.toString();
  }

  private static String text(Map<Partition, Long> positions) {
    return new TreeMap<>(positions)
        .entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(","));
  }

  private static Map<Partition, Long> positions(String text) {
    Map<Partition, Long> positions = new TreeMap<>();
    if (!text.isEmpty()) {
      for (String entry : text.split(",", -1)) {
        int equals = entry.indexOf('=');
        positions.put(
            partition(entry.substring(0, equals)), Long.valueOf(entry.substring(equals + 1)));
      }
    }
    return positions;
  }

  /**
   * A partition as {@link Partition#toString} writes it: the topic's own dashes stand before the
   * last.
   */
  private static Partition partition(String text) {
    int dash = text.lastIndexOf('-');
    return new Partition(text.substring(0, dash), Integer.parseInt(text.substring(dash + 1)));
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }

  private static String present(String field) {
    String text = unescape(field);
    if (text == null) {
      throw new IllegalArgumentException("A field is null that must not be.");
    }
    return text;
  }

  private static @Nullable String unescape(String field) {
    if (field.equals(NULL)) {
      return null;
    }
    if (field.indexOf('\\') < 0) {
      return field;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      i++;
      text.append(
          switch (field.charAt(i)) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            default -> field.charAt(i);
          });
    }
    return text.toString();
  }
}
