package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.TopicId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The crossings with real threads. */
class RelayThreadsTest {
  private static final int PARTITIONS = 3;
  private static final long RECORDS = 300_000;
  private static final int SOCKETS = 24;
  private static final double RATE = 1000;

  private static final RelaySettings SETTINGS =
      new RelaySettings(
          200_000,
          100_000,
          10,
          Duration.ZERO,
          4096,
          16_384,
          1000,
          8192,
          50_000,
          1L << 40,
          1L << 40,
          5);

  private final ThreadedStage stage = new ThreadedStage(SETTINGS, RECORDS / PARTITIONS, 1, 50);
  private final List<Client> clients = new CopyOnWriteArrayList<>();

  @Test
  @Timeout(60)
  void everyRecordOnceInOrderWhateverTheThreadsDo() throws InterruptedException {
    stage.log.create("t", PARTITIONS, 0);
    for (ThreadedStage.Loop loop : stage.loops) {
      loop.executor()
          .execute(() -> {
            for (int k = 0; k < SOCKETS / 2; k++) {
              clients.add(new Client(loop, k));
            }
          });
    }
    stage.start();
    stage.await(this::isDone, () -> "Not all have come to the end.");
    for (Client client : List.copyOf(clients)) {
      client.later(() -> client.cursors.close());
    }
    stage.stop();
    assertThat(stage.relay.counters().overflowReplays()).isPositive();
  }

  private boolean isDone() {
    return clients.size() == SOCKETS
        && clients.stream().allMatch(client -> client.missing.get() == 0);
  }

  /** Checks each offset. Every third grants credit bit by bit, every third is paced. */
  private final class Client extends StandingClient {
    private final AtomicLong missing = new AtomicLong(Long.MAX_VALUE);
    private final long[] next = new long[PARTITIONS];
    private final boolean credited;
    private final boolean paced;
    private long credit = Long.MAX_VALUE;
    private long nextMessage = System.nanoTime();
    private @Nullable Subscriber subscriber;

    Client(ThreadedStage.Loop loop, int number) {
      super(RelayThreadsTest.this.stage, loop, "owner" + number % 3, 200);
      this.credited = number % 3 == 1;
      this.paced = number % 3 == 2;
      if (credited) {
        credit = 0;
      }
      Flow flow = credited ? Stage.credit(0) : paced ? Stage.rate(RATE) : Flow.FREE;
      From from = number % 2 == 0 ? new From.Latest() : new From.Earliest();
      cursors.subscribe(Stage.request("t", from, Overflow.REPLAY, flow), this);
    }

    @Override
    void onMessage(int records) {
      credit -= records;
      long now = System.nanoTime();
      if (credit < 0 || paced && now - nextMessage < 0) {
        throw new AssertionError("More, or earlier, than allowed: " + credit);
      }
      nextMessage = now + (long) (1e9 / RATE);
      if (credit == 0) {
        later(this::grant);
      }
    }

    private void grant() {
      Subscriber self = subscriber;
      if (credited && self != null) {
        long more = 1 + ThreadLocalRandom.current().nextInt(5000);
        credit += more;
        self.grant(more);
      }
    }

    @Override
    void onRecord(Partition partition, long offset, String topicId) {
      int number = partition.number();
      if (offset != next[number]) {
        throw new AssertionError(partition + "@" + offset + " instead of " + next[number]);
      }
      next[number]++;
      missing.decrementAndGet();
    }

    @Override
    public void onSubscribed(Subscriber self, Positions positions, Map<String, TopicId> topicIds) {
      long left = 0;
      for (int i = 0; i < PARTITIONS; i++) {
        next[i] = positions.of(Stage.partition(i)).orElseThrow();
        left += RECORDS / PARTITIONS - next[i];
      }
      missing.set(left);
      subscriber = self;
      grant();
    }

    @Override
    public void onScanned(Positions positions) {
      throw new AssertionError(positions + " says nothing new: every offset is a record");
    }
  }
}
