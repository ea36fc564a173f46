package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.log.Batch;
import io.sluice.log.Isolation;
import io.sluice.log.LiveLog;
import io.sluice.log.LogRecord;
import io.sluice.log.Partition;
import io.sluice.testing.FakeLog;
import io.sluice.testing.ManualExecutor;
import io.sluice.testing.ManualTimer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a record costs where a hundred feeds want each a key of its own, and where ten thousand do:
 * ratios within one run, on whatever machine. Absolute figures are printed.
 */
class KeyedCostTest {
  private static final Logger LOG = LoggerFactory.getLogger(KeyedCostTest.class);
  private static final Partition PARTITION = new Partition("t", 0);

  /** The search for leaks, which the tests turn up, would be most of what is measured. */
  private static final ByteBufAllocator UNWATCHED = new UnpooledByteBufAllocator(false, true);

  private static final int POLL = 1_000;
  private static final int WARM_UP = 150;

  /** Another program may take the core for a moment: the best stretch of some is what counts. */
  private static final int STRETCHES = 5;

  private static final int ROUNDS = 30;

  /** Nanoseconds and look-ups of one record. */
  private record Cost(double nanos, double lookUps, double encoded) {}

  @Test
  void aRecordCostsAboutTheSameForAHundredAndForTenThousandFeeds() {
    try (Feeding few = new Feeding(100);
        Feeding many = new Feeding(10_000)) {
      few.measure("nobody", WARM_UP);
      many.measure("nobody", WARM_UP);
      Cost fewUnwanted = few.best("nobody");
      Cost manyUnwanted = many.best("nobody");
      few.measure("k", WARM_UP);
      many.measure("k", WARM_UP);
      Cost fewWanted = few.best("k");
      Cost manyWanted = many.best("k");
      LOG.warn(
          "a record that nobody wants: 100 feeds {}, 10,000 feeds {}", fewUnwanted, manyUnwanted);
      LOG.warn(
          "a record that one feed wants: 100 feeds {}, 10,000 feeds {}", fewWanted, manyWanted);

      assertThat(List.of(fewUnwanted, manyUnwanted, fewWanted, manyWanted))
          .allSatisfy(cost -> assertThat(cost.lookUps()).isEqualTo(1));
      assertThat(fewWanted.encoded()).isEqualTo(1);
      assertThat(manyWanted.encoded()).isEqualTo(1);
      // A scan of the feeds would be a hundred times as much. What is left is what memory costs:
      // keys and windows that are in no cache; and each of 10,000 feeds gets a frame for one
      // record,
      // where each of 100 gets one for ten.
      assertThat(manyUnwanted.nanos() / fewUnwanted.nanos()).isLessThan(8);
      assertThat(manyWanted.nanos() / fewWanted.nanos()).isLessThan(16);
    }
  }

  /** A relay with so many keyed feeds on one partition, each with one subscriber. */
  private static final class Feeding implements AutoCloseable {
    private final int feeds;
    private final FakeLog log = new FakeLog(1);
    private final Relay relay;
    private final ManualExecutor executor = new ManualExecutor();
    private final List<SocketCursors> sockets = new ArrayList<>();
    private final LiveLog.Listener live;
    private long offset;

    Feeding(int feeds) {
      this.feeds = feeds;
      RelaySettings settings =
          new RelaySettings(
              128L << 20,
              16L << 20,
              feeds,
              Duration.ZERO,
              64 << 10,
              256 << 10,
              1 << 20,
              256 << 10,
              0,
              1L << 30,
              1L << 30,
              5);
      relay =
          new Relay(
              settings,
              log.readable(),
              (subscription, form) -> new TextEncoder(subscription),
              System::nanoTime,
              UNWATCHED);
      live = relay.liveListener(Isolation.READ_COMMITTED);
      log.start(live);
      log.create("t", 1);
      LoopRelay loop = relay.loop(executor, new ManualTimer(executor, System::nanoTime)::after);
      for (int i = 0; i < feeds; i++) {
        Drain drain = new Drain(UNWATCHED);
        SocketCursors cursors = loop.open(drain, "somebody");
        cursors.subscribe(
            new SubscribeRequest(
                Stage.keyed("t", "k" + i, false), Stage.FORM, new From.Latest(), Overflow.REPLAY),
            drain);
        sockets.add(cursors);
      }
      settle();
      assertThat(relay.counters().feeds()).isEqualTo(feeds);
    }

    private void settle() {
      boolean any = true;
      while (any) {
        any = log.reader.runAll();
        any |= log.answers.runAll();
        any |= executor.runAll();
      }
    }

    Cost best(String key) {
      return Stream.generate(() -> measure(key, ROUNDS))
          .limit(STRETCHES)
          .min(Comparator.comparingDouble(Cost::nanos))
          .orElseThrow();
    }

    /** Of the reader's work alone; what event loops do is done between. */
    Cost measure(String key, int rounds) {
      long lookUps = relay.counters().keyLookups();
      long encoded = relay.counters().recordsEncoded();
      long nanos = 0;
      for (int round = 0; round < rounds; round++) {
        Batch batch = batch(key);
        long start = System.nanoTime();
        live.onBatch(batch);
        live.onPollCompleted();
        nanos += System.nanoTime() - start;
        settle();
      }
      double records = (double) rounds * POLL;
      return new Cost(
          Math.round(nanos / records),
          (relay.counters().keyLookups() - lookUps) / records,
          (relay.counters().recordsEncoded() - encoded) / records);
    }

    private Batch batch(String key) {
      List<LogRecord> records = new ArrayList<>(POLL);
      ByteBuffer value = ByteBuffer.wrap("x".repeat(200).getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < POLL; i++) {
        String its = key + (offset + i) * 7919 % feeds; // each in turn, in no order
        ByteBuffer bytes = ByteBuffer.wrap(its.getBytes(StandardCharsets.UTF_8));
        records.add(new LogRecord(PARTITION, offset + i, 0, bytes, List.of(), value));
      }
      Batch batch = new Batch(PARTITION, offset, offset + POLL, records);
      offset += POLL;
      return batch;
    }

    @Override
    public void close() {
      sockets.forEach(SocketCursors::close);
      settle();
      live.onPollCompleted();
      relay.releaseSpares();
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%d feeds", feeds);
    }
  }
}
