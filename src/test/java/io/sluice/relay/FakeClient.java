package io.sluice.relay;

import io.sluice.log.Gap;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.RecordKey;
import io.sluice.log.TopicId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that believes nothing: it knows every record that was ever written and complains at once
 * where one that it wants is missing, comes twice, out of order or changed, or where one comes that
 * it does not want.
 */
final class FakeClient implements SubscriptionListener {
  private final Written written;
  private final @Nullable String key;
  private final boolean keyPartitioned;

  /** Partitions of which it asked for another topic's records: that there is none is told first. */
  private final Set<Partition> ofAnother = new HashSet<>();

  /** Of which topic each partition is, as long as it knows. */
  private final Map<Partition, TopicId> topics = new HashMap<>();

  final List<String> heard = new ArrayList<>();
  final List<Gap> gaps = new ArrayList<>();
  final TreeMap<Partition, Long> next = new TreeMap<>();
  final FakeSocket socket;
  @Nullable Subscriber subscriber;
  @Nullable Refusal refusal;
  @Nullable Ending ending;
  Positions endedAt = Positions.NONE;
  Positions startedAt = Positions.NONE;
  Map<String, TopicId> topicIds = Map.of();
  long duplicateOf;
  Consumer<Positions> onStart = start -> {};
  Runnable onLive = () -> {};
  int live;
  int records;

  /** Messages with records. */
  int messages;

  private From from = new From.Latest();
  private long credit = Long.MAX_VALUE;
  private long interval;
  private long nextMessage = Long.MIN_VALUE;
  private LongSupplier clock = () -> 0;

  FakeClient(FakeSocket socket, Written written) {
    this(socket, written, Selection.of("t"));
  }

  FakeClient(FakeSocket socket, Written written, Selection selection) {
    RecordKey wanted = selection.key();
    this.socket = socket;
    this.written = written;
    this.key = wanted == null ? null : new String(wanted.bytes(), StandardCharsets.UTF_8);
    this.keyPartitioned = selection.keyPartitioned();
  }

  /** It asks to start there. */
  void asks(From asked) {
    from = asked;
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
    if (!wants(value)) {
      throw new AssertionError(partition + "@" + offset + " has another key than " + key);
    }
    TopicId topic = Written.topicOf(value);
    TopicId known = topics.putIfAbsent(partition, topic);
    if (known != null && !known.equals(topic)) {
      throw new AssertionError(partition + "@" + offset + " is of another topic, untold\n" + heard);
    }
    String expected = written.of(topic, partition).get(offset);
    if (!value.equals(expected)) {
      throw new AssertionError(partition + "@" + offset + " is " + value + ", not " + expected);
    }
    if (next.containsKey(partition)) {
      skipTo(partition, offset, "a record");
    } else if (!keyPartitioned) { // there others may have asked for the rest of a partition
      nothingIn(partition, written.oldest(topic, partition), offset, "the first record");
    }
    next.put(partition, offset + 1);
  }

  @Override
  public void onSubscribed(Subscriber self, Positions positions, Map<String, TopicId> ids) {
    heard.add("subscribed");
    subscriber = self;
    topicIds = ids;
    startedAt = positions;
    next.putAll(positions.byPartition());
    positions
        .byPartition()
        .keySet()
        .forEach(partition -> {
          TopicId id = ids.get(partition.topic());
          if (id == null) {
            throw new AssertionError("No topic id for " + partition);
          }
          topics.put(partition, id);
          if (from instanceof From.At at
              && at.positions().of(partition).isPresent()
              && !id.equals(at.topicIds().getOrDefault(partition.topic(), id))) {
            ofAnother.add(partition);
          }
        });
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
    Partition partition = gap.partition();
    if (ofAnother.remove(partition)) {
      return; // it is about what it had before
    }
    if (gap.to() == Gap.UNKNOWN) { // what comes now is of another topic
      topics.remove(partition);
      next.remove(partition);
      return;
    }
    if (next.containsKey(partition)) {
      skipTo(partition, gap.from(), "a gap");
    }
    next.put(partition, gap.to());
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
          if (topics.containsKey(partition) && !reads(partition)) {
            return; // it was made again, of which the client is told later
          }
          long seen = next.getOrDefault(partition, 0L);
          if (position < seen) {
            throw new AssertionError(
                partition + " is at " + position + ", seen to " + seen + "\n" + heard);
          }
          if (next.containsKey(partition)) {
            nothingIn(partition, seen, position, "the position");
          }
        });
  }

  /** It has everything below {@code head} of the topic that has the name now. */
  void checkComplete(Partition partition, long head) {
    TopicId now = written.topic(partition.topic());
    TopicId known = topics.get(partition);
    long oldest = written.oldest(now, partition);
    long from = known == null || known.equals(now) ? next.getOrDefault(partition, oldest) : oldest;
    missing(now, partition, from, head, "the head");
  }

  /** True where it has read the partition, of the topic that has the name now. */
  boolean reads(Partition partition) {
    return next.containsKey(partition)
        && written.topic(partition.topic()).equals(topics.get(partition));
  }

  private boolean wants(String value) {
    return key == null || Written.hasKey(value, key);
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
    TopicId topic = topics.get(partition);
    if (topic != null) {
      missing(topic, partition, from, to, what);
    }
  }

  private void missing(TopicId topic, Partition partition, long from, long to, String what) {
    if (from >= to) {
      return;
    }
    NavigableSet<Long> missed = new TreeSet<>();
    written
        .of(topic, partition)
        .subMap(from, true, to, false)
        .forEach((offset, value) -> {
          if (wants(value)) {
            missed.add(offset);
          }
        });
    if (!missed.isEmpty()) {
      throw new AssertionError(
          "Before " + what + " at " + to + " " + partition + " misses " + missed + "\n" + heard);
    }
  }
}
