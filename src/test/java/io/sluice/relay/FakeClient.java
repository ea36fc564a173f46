package io.sluice.relay;

import io.sluice.log.Gap;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that believes nothing: it knows every record that was ever written and complains at once
 * where one is missing, comes twice, out of order or changed.
 */
final class FakeClient implements SubscriptionListener {
  /** Every record ever written, by partition and offset. */
  private final Map<Partition, NavigableMap<Long, String>> written;

  final List<String> heard = new ArrayList<>();
  final List<Gap> gaps = new ArrayList<>();
  final TreeMap<Partition, Long> next = new TreeMap<>();
  final FakeSocket socket;
  @Nullable Subscriber subscriber;
  @Nullable Refusal refusal;
  @Nullable Ending ending;
  Positions endedAt = Positions.NONE;
  Map<String, TopicId> topicIds = Map.of();
  long duplicateOf;
  Consumer<Positions> onStart = start -> {};
  Runnable onLive = () -> {};
  int live;
  int records;

  /** Messages with records. */
  int messages;

  private long credit = Long.MAX_VALUE;
  private long interval;
  private long nextMessage = Long.MIN_VALUE;
  private LongSupplier clock = () -> 0;

  FakeClient(FakeSocket socket, Map<Partition, NavigableMap<Long, String>> written) {
    this.socket = socket;
    this.written = written;
  }

  /** Complains where more comes than {@code flow} allows. */
  void expect(Flow flow, LongSupplier nanoClock) {
    credit = flow.credit().orElse(Long.MAX_VALUE);
    interval = flow.maxRate().isPresent() ? (long) (1e9 / flow.maxRate().getAsDouble()) : 0;
    clock = nanoClock;
  }

  /** Lets {@code more} records come. */
  boolean grant(long more) {
    boolean counted = subscriber().grant(more);
    credit += counted ? more : 0;
    return counted;
  }

  Subscriber subscriber() {
    if (subscriber == null) {
      throw new AssertionError("Not subscribed: " + refusal);
    }
    return subscriber;
  }

  boolean isSubscribed() {
    return subscriber != null && ending == null;
  }

  /** A message with so many records is there. */
  void onMessage(int count) {
    messages++;
    credit -= count;
    if (credit < 0) {
      throw new AssertionError(-credit + " records more than were granted.\n" + heard);
    }
    long now = clock.getAsLong();
    if (interval > 0 && now < nextMessage) {
      throw new AssertionError("A message " + (nextMessage - now) + " ns too early.\n" + heard);
    }
    nextMessage = now + interval;
  }

  void onRecord(Partition partition, long offset, String value) {
    heard.add(partition + "@" + offset);
    records++;
    if (ending != null) {
      throw new AssertionError(partition + "@" + offset + " came after the end.");
    }
    skipTo(partition, offset, "a record");
    String expected = written.getOrDefault(partition, new TreeMap<>()).get(offset);
    if (!value.equals(expected)) {
      throw new AssertionError(partition + "@" + offset + " is " + value + ", not " + expected);
    }
    next.put(partition, offset + 1);
  }

  @Override
  public void onSubscribed(Subscriber self, Positions positions, Map<String, TopicId> ids) {
    heard.add("subscribed");
    subscriber = self;
    topicIds = ids;
    next.putAll(positions.byPartition());
    onStart.accept(positions);
    socket.clients.put(self.number(), this);
  }

  @Override
  public void onDuplicate(long subscription) {
    duplicateOf = subscription;
  }

  @Override
  public void onRefused(Refusal why) {
    refusal = why;
  }

  @Override
  public void onLive() {
    heard.add("live");
    live++;
    onLive.run();
  }

  @Override
  public void onGap(Gap gap) {
    heard.add("gap " + gap.partition() + "[" + gap.from() + "," + gap.to() + ") " + gap.reason());
    gaps.add(gap);
    if (gap.to() != Gap.UNKNOWN) { // else it is of a topic that is no more
      skipTo(gap.partition(), gap.from(), "a gap");
    }
    next.put(gap.partition(), gap.to() == Gap.UNKNOWN ? 0 : gap.to());
  }

  @Override
  public void onScanned(Positions positions) {
    heard.add("position " + positions);
    checkPositions(positions);
    boolean news =
        positions.byPartition().entrySet().stream()
            .anyMatch(each -> each.getValue() > next.getOrDefault(each.getKey(), 0L));
    if (!news) {
      throw new AssertionError("A position that says nothing new.\n" + heard);
    }
    next.putAll(positions.byPartition());
  }

  @Override
  public void onEnded(Ending why, Positions positions) {
    heard.add("ended");
    checkPositions(positions);
    ending = why;
    endedAt = positions;
  }

  /** The positions are those that it has seen itself. */
  void checkPositions(Positions positions) {
    positions
        .byPartition()
        .forEach((partition, position) -> {
          long seen = next.getOrDefault(partition, 0L);
          if (position < seen) {
            throw new AssertionError(partition + " is at " + position + ", seen to " + seen);
          }
          nothingIn(partition, seen, position, "the position");
        });
  }

  /** It has everything below {@code head}. */
  void checkComplete(Partition partition, long head) {
    nothingIn(partition, next.getOrDefault(partition, 0L), head, "the head");
  }

  private void skipTo(Partition partition, long offset, String what) {
    long expected = next.getOrDefault(partition, 0L);
    if (offset < expected) {
      throw new AssertionError(
          what + " at " + partition + "@" + offset + " after " + expected + "\n" + heard);
    }
    nothingIn(partition, expected, offset, what);
  }

  private void nothingIn(Partition partition, long from, long to, String what) {
    if (from < to && written.containsKey(partition)) {
      NavigableMap<Long, String> missed = written.get(partition).subMap(from, true, to, false);
      if (!missed.isEmpty()) {
        throw new AssertionError(
            "Before "
                + what
                + " at "
                + to
                + " "
                + partition
                + " misses "
                + missed.keySet()
                + "\n"
                + heard);
      }
    }
  }
}
