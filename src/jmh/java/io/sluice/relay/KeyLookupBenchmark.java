package io.sluice.relay;

import static io.sluice.jmh.Samples.require;

import io.netty.buffer.ByteBufAllocator;
import io.sluice.log.LogRecord;
import io.sluice.log.Partition;
import io.sluice.log.RecordKey;
import io.sluice.transport.FrameEncoders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One op finds for one record of a poll of 1,000 the feed that wants its key, and hands the feed
 * its records of the poll (ns/op). Beside it what one writes first: a map by the key as a string,
 * and a call for each record.
 */
@State(Scope.Thread)
public class KeyLookupBenchmark {
  private static final int POLL = 1_000;
  private static final Partition PARTITION = new Partition("t", 0);
  private static final FeedForm FORM = new FeedForm(WireFormat.JSON, ValueForm.AUTO);

  /** How many feeds of one key each. */
  @Param({"1", "1000", "10000"})
  public int feeds;

  /** Whether a feed wants the records, each another one in turn, or none does. */
  @Param({"wanted", "unwanted"})
  public String records = "";

  private final LivePartition live = new LivePartition(PARTITION, 0);
  private final Map<String, Feed> byName = new HashMap<>();
  private final List<LogRecord> poll = new ArrayList<>(POLL);
  private int taken;

  @Setup
  public void agree() {
    RelaySettings settings = RelaySettings.defaults();
    Windows windows =
        new Windows(
            new MemoryBudget(settings.windowBytes(), new LongAdder()),
            settings.feedWindowBytes(),
            new RelayCounters());
    Encoder encoder = new FrameEncoders().encoder(7, FORM);
    for (int i = 0; i < feeds; i++) {
      RecordKey key = RecordKey.of("customer-" + i);
      Selection selection = new Selection(new Topics.Named(List.of("t")), key, false);
      LogWindow window = new LogWindow(ByteBufAllocator.DEFAULT, windows);
      Feed feed = new Feed(new FeedKey(selection, FORM), i, encoder, window);
      live.add(feed, 0);
      byName.put("customer-" + i, feed);
    }
    String prefix = records.equals("wanted") ? "customer-" : "nobody-";
    ByteBuffer value = ByteBuffer.wrap(new byte[200]);
    for (int i = 0; i < POLL; i++) {
      String key = prefix + i * 7919L % feeds;
      ByteBuffer bytes = ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8));
      poll.add(new LogRecord(PARTITION, i, 0, bytes, List.of(), value));
    }
    int expected = records.equals("wanted") ? POLL : 0;
    require(sluice() == expected, "how many are found");
    require(map() == expected, "how many the map finds");
  }

  @Benchmark
  @OperationsPerInvocation(POLL)
  public int sluice() {
    taken = 0;
    live.pass(POLL, poll, this::take);
    return taken;
  }

  @Benchmark
  @OperationsPerInvocation(POLL)
  public int map() {
    taken = 0;
    for (LogRecord record : poll) {
      ByteBuffer key = record.key();
      Feed feed =
          key == null
              ? null
              : byName.get(StandardCharsets.UTF_8.decode(key.duplicate()).toString());
      if (feed != null) {
        take(feed, 0, List.of(record));
      }
    }
    return taken;
  }

  private void take(Feed feed, int index, List<LogRecord> its) {
    taken += feed.number() >= 0 && index == 0 ? its.size() : 0;
  }
}
