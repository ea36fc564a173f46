package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Gap;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.RecordKey;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import io.sluice.log.TopicPattern;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys, several topics, and topics that come, grow and go, with real threads. */
class SelectionThreadsTest {
  private static final long RECORDS = 5_000;
  private static final int SOCKETS = 20;

  private static final RelaySettings SETTINGS =
      new RelaySettings(
          200_000,
          60_000,
          60,
          Duration.ZERO,
          4096,
          16_384,
          1000,
          8192,
          50_000,
          1L << 40,
          1L << 40,
          50);

  /** Twenty times as fast: topics that come are seen after a quarter of a second. */
  private final ThreadedStage stage = new ThreadedStage(SETTINGS, RECORDS, 20, 80);

  private final List<Client> clients = new CopyOnWriteArrayList<>();

  @Test
  @Timeout(100)
  void everyRecordThatIsAskedForComesOnceInOrderWhateverTopicsDo() throws InterruptedException {
    EndlessTopics log = stage.log;
    log.create("t", 2, 0);
    log.create("g.0", 1, 2_000);
    for (ThreadedStage.Loop loop : stage.loops) {
      loop.executor()
          .execute(() -> {
            for (int k = 0; k < SOCKETS / 2; k++) {
              clients.add(new Client(loop, k));
            }
          });
    }
    stage.start();
    await("g.0");
    log.create("g.1", 2, 1_500);
    await("g.1");
    log.grow("t", 4);
    log.create("g.2", 1, 0);
    log.grow("g.1", 3);
    await("g.2");
    log.delete("g.0");
    log.create("g.3", 1, 2_500);
    await("g.3");
    log.create("g.0", 2, 1_200);
    stage.await(this::isDone, this::whoIsNotDone);
    for (Client client : List.copyOf(clients)) {
      client.later(() -> client.cursors.close());
    }
    stage.stop();
    assertThat(stage.relay.counters().replaysShared()).isPositive();
  }

  /** Somebody with a glob has read something of {@code topic}. */
  private void await(String topic) throws InterruptedException {
    stage.await(
        () -> clients.stream().anyMatch(client -> client.hasSome(topic)), this::whoIsNotDone);
  }

  private boolean isDone() {
    return clients.size() == SOCKETS && clients.stream().allMatch(Client::isDone);
  }

  private String whoIsNotDone() {
    return clients.stream().filter(client -> !client.isDone()).limit(3).toList().toString();
  }

  private static Selection selection(int number) {
    RecordKey key = number % 2 == 0 ? null : RecordKey.of("k" + number % EndlessTopics.KEYS);
    Topics topics =
        switch (number / 2 % 3) {
          case 0 -> new Topics.Named(List.of("t"));
          case 1 -> new Topics.Matching(TopicPattern.of("g.*"));
          default -> new Topics.Matching(TopicPattern.of("**"));
        };
    return new Selection(topics, key, false);
  }

  /** Checks each offset that it has asked for. */
  private final class Client extends StandingClient {
    private final Selection selection;
    private final @Nullable String key;
    private final Map<Partition, Long> next = new ConcurrentHashMap<>();
    private final Map<Partition, String> ids = new ConcurrentHashMap<>();

    Client(ThreadedStage.Loop loop, int number) {
      super(SelectionThreadsTest.this.stage, loop, "owner" + number % 3, 50);
      this.selection = selection(number);
      this.key = selection.key() == null ? null : "k" + number % EndlessTopics.KEYS;
      From from = number % 4 < 2 ? new From.Latest() : new From.Earliest();
      cursors.subscribe(new SubscribeRequest(selection, Stage.FORM, from, Overflow.REPLAY), this);
    }

    boolean hasSome(String topic) {
      return next.keySet().stream().anyMatch(each -> each.topic().equals(topic));
    }

    boolean isDone() {
      for (Topic topic : stage.log.all()) {
        if (selection.topics().include(topic.name())) {
          for (Partition partition : topic.partitions()) {
            if (due(next.getOrDefault(partition, 0L)) < RECORDS
                || !topic.id().value().equals(ids.get(partition))) {
              return false;
            }
          }
        }
      }
      return true;
    }

    @Override
    void onRecord(Partition partition, long offset, String topicId) {
      String known = ids.putIfAbsent(partition, topicId);
      long due = due(next.getOrDefault(partition, 0L));
      if (offset != due || known != null && !known.equals(topicId)) {
        throw new AssertionError(
            this + " got " + partition + "@" + offset + " where " + due + " was due");
      }
      next.put(partition, offset + 1);
    }

    /** The first offset from {@code offset} on that it has asked for. */
    private long due(long offset) {
      long due = offset;
      while (key != null && !key.equals("k" + due % EndlessTopics.KEYS)) {
        due++;
      }
      return due;
    }

    @Override
    public void onSubscribed(Subscriber self, Positions positions, Map<String, TopicId> topicIds) {
      next.putAll(positions.byPartition());
    }

    @Override
    public void onScanned(Positions positions) {
      positions
          .byPartition()
          .forEach((partition, position) -> {
            if (due(next.getOrDefault(partition, 0L)) < position) {
              throw new AssertionError(this + " was told of " + partition + "@" + position);
            }
          });
    }

    /** Of the topic that goes the rest is lost to who lags, and that another comes is told. */
    @Override
    public void onGap(Gap gap) {
      if (!gap.partition().topic().equals("g.0")) {
        throw new AssertionError(gap);
      }
      if (gap.to() == Gap.UNKNOWN) {
        next.remove(gap.partition());
        ids.remove(gap.partition());
      } else {
        next.put(gap.partition(), gap.to());
      }
    }

    @Override
    public String toString() {
      return selection + " at " + next;
    }
  }
}
