package io.sluice.checker;

import io.sluice.checker.HistoryEvent.Acked;
import io.sluice.checker.HistoryEvent.Received;
import io.sluice.log.Partition;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A time in which a client received nothing from a partition, neither a record nor, where it
 * writes, an acknowledgement.
 *
 * @param since when it began, in nanoseconds of the client's clock
 */
public record Silence(String client, Partition partition, long since, Duration length) {
  private static final Duration NONE = Duration.ZERO;

  /**
   * The longest one of any client and partition in {@code [from, to)}, by the clock of the
   * histories; one that began before or has not ended counts with its part inside. Partitions that
   * a client received nothing from at all before {@code to} are not known, and do not count.
   *
   * @throws IllegalArgumentException when nobody received anything before {@code to}
   */
  public static Silence longest(Collection<History> histories, long from, long to) {
    return histories.stream()
        .map(history -> longest(history, from, to))
        .max((one, other) -> one.length.compareTo(other.length))
        .filter(silence -> !silence.length.equals(NONE))
        .orElseThrow(() -> new IllegalArgumentException("Nobody received anything."));
  }

  private static Silence longest(History history, long from, long to) {
    Map<Partition, Long> last = new HashMap<>();
    Silence longest = new Silence(history.client(), new Partition("", 0), from, NONE);
    for (HistoryEvent event : history.events()) {
      Partition partition = heardOf(event);
      if (partition != null && event.at() < to) {
        long since = Math.max(from, last.getOrDefault(partition, from));
        longest = longest.orLonger(partition, since, event.at());
        last.put(partition, event.at());
      }
    }
    for (Map.Entry<Partition, Long> each : last.entrySet()) {
      longest = longest.orLonger(each.getKey(), Math.max(from, each.getValue()), to);
    }
    return longest;
  }

  private static @Nullable Partition heardOf(HistoryEvent event) {
    return switch (event) {
      case Received received -> received.partition();
      case Acked acked -> acked.partition();
      default -> null; // words about connections and subscriptions, and what was said to us
    };
  }

  private Silence orLonger(Partition other, long from, long to) {
    Duration silent = Duration.ofNanos(to - from);
    return silent.compareTo(length) > 0 ? new Silence(client, other, from, silent) : this;
  }

  @Override
  public String toString() {
    return "%d ms (%s, %s)".formatted(length.toMillis(), client, partition);
  }
}
