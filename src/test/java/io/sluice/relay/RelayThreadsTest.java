package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.log.Batch;
import io.sluice.log.Catalog;
import io.sluice.log.Gap;
import io.sluice.log.Isolation;
import io.sluice.log.LiveLog;
import io.sluice.log.LogRecord;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.ReadableLog;
import io.sluice.log.RecordKey;
import io.sluice.log.ReplayLog;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The crossings with real threads: one reader that appends and evicts, two event loops, two replay
 * threads.
 */
class RelayThreadsTest {
  private static final int PARTITIONS = 3;
  private static final long RECORDS = 300_000;
  private static final int SOCKETS = 24;
  private static final double RATE = 1000;

  private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false, true);
  private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();

  @Test
  @Timeout(60)
  void everyRecordOnceInOrderWhateverTheThreadsDo() throws InterruptedException {
    EndlessLog log = new EndlessLog();
    RelaySettings settings =
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
    Relay relay =
        new Relay(
            settings,
            Map.of(Isolation.READ_COMMITTED, new ReadableLog(log, log, log)),
            (s, f) -> new TextEncoder(s),
            System::nanoTime,
            alloc);
    List<ScheduledExecutorService> loops = new ArrayList<>();
    List<Client> clients = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 2; i++) {
      ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
      loops.add(executor);
      LoopRelay loop =
          relay.loop(
              task -> executor.execute(() -> guarded(task)),
              (nanos, task) -> executor.schedule(() -> guarded(task), nanos, TimeUnit.NANOSECONDS));
      executor.execute(() -> {
        for (int k = 0; k < SOCKETS / 2; k++) {
          clients.add(new Client(executor, loop, k));
        }
      });
    }
    Thread reader =
        Thread.ofPlatform()
            .start(() -> guarded(() -> log.run(relay.liveListener(Isolation.READ_COMMITTED))));

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(50);
    while (broken.get() == null && !done(clients) && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(10); // a condition with a deadline
    }
    assertThat(broken.get()).isNull();
    assertThat(done(clients)).isTrue();
    for (Client client : List.copyOf(clients)) {
      client.executor.execute(() -> client.cursors.close());
    }
    while (relay.counters().feeds() > 0 && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    log.stopped = true;
    reader.join();
    log.replays.close();
    loops.forEach(ExecutorService::close);
    relay.releaseSpares();
    assertThat(broken.get()).isNull();
    assertThat(relay.counters().overflowReplays()).isPositive();
    assertThat(relay.counters().feeds()).isZero();
    assertThat(alloc.metric().usedHeapMemory()).isZero();
  }

  private static boolean done(List<Client> clients) {
    return clients.size() == SOCKETS
        && clients.stream().allMatch(client -> client.missing.get() == 0);
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      broken.compareAndSet(null, e);
      throw e;
    }
  }

  /**
   * Takes some writes, stands until its loop comes round, and checks each offset. Every third
   * grants credit bit by bit, every third is paced.
   */
  private final class Client implements Outlet, SubscriptionListener {
    private final ExecutorService executor;
    private final SocketCursors cursors;
    private final AtomicLong missing = new AtomicLong(Long.MAX_VALUE);
    private final long[] next = new long[PARTITIONS];
    private final boolean credited;
    private final boolean paced;
    private long credit = Long.MAX_VALUE;
    private long nextMessage = System.nanoTime();
    private @Nullable Subscriber subscriber;
    private boolean clear = true;

    Client(ExecutorService executor, LoopRelay loop, int number) {
      this.executor = executor;
      this.cursors = loop.open(this, "owner" + number % 3);
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
    public boolean isClear() {
      return clear;
    }

    @Override
    public void write(ByteBuf frames) {
      while (frames.isReadable()) {
        String frame = frames.readCharSequence(frames.readInt(), StandardCharsets.UTF_8).toString();
        String[] elements = frame.substring(frame.indexOf('[') + 1, frame.length() - 1).split(",");
        count(elements.length);
        for (String element : elements) {
          take(element);
        }
      }
      frames.release();
      if (credit == 0) {
        executor.execute(() -> guarded(this::grant));
      }
      if (ThreadLocalRandom.current().nextInt(4) == 0) {
        clear = false;
        int rounds = ThreadLocalRandom.current().nextInt(200);
        executor.execute(() -> guarded(() -> stand(rounds)));
      }
    }

    private void count(int records) {
      credit -= records;
      long now = System.nanoTime();
      if (credit < 0 || paced && now - nextMessage < 0) {
        throw new AssertionError("More, or earlier, than allowed: " + credit);
      }
      nextMessage = now + (long) (1e9 / RATE);
    }

    private void grant() {
      Subscriber self = subscriber;
      if (credited && self != null) {
        long more = 1 + ThreadLocalRandom.current().nextInt(5000);
        credit += more;
        self.grant(more);
      }
    }

    private void stand(int rounds) {
      if (rounds > 0) {
        executor.execute(() -> guarded(() -> stand(rounds - 1)));
      } else {
        clear = true;
        cursors.onClear();
      }
    }

    private void take(String element) {
      String[] part = element.substring(0, element.indexOf('=')).split("/");
      int partition = Integer.parseInt(part[1]);
      long offset = Long.parseLong(part[2]);
      if (offset != next[partition] || !element.endsWith("=" + partition + ":" + offset)) {
        throw new AssertionError(element + " instead of " + next[partition]);
      }
      next[partition]++;
      missing.decrementAndGet();
    }

    @Override
    public ByteBufAllocator alloc() {
      return alloc;
    }

    @Override
    public int heldBytes() {
      return 0;
    }

    @Override
    public void closeStalled(String reason) {
      throw new AssertionError(reason);
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
    public void onDuplicate(long subscription) {
      throw new AssertionError("duplicate");
    }

    @Override
    public void onRefused(Refusal refusal) {
      throw new AssertionError(refusal);
    }

    @Override
    public void onLive() {}

    @Override
    public void onScanned(Positions positions) {
      for (int i = 0; i < PARTITIONS; i++) {
        if (positions.of(Stage.partition(i)).orElseThrow() != next[i]) {
          throw new AssertionError(positions + " although every offset is a record");
        }
      }
      throw new AssertionError(positions + " says nothing new");
    }

    @Override
    public void onGap(Gap gap) {
      throw new AssertionError(gap);
    }

    @Override
    public void onEnded(Ending ending, Positions positions) {
      throw new AssertionError(ending);
    }
  }

  /** A log whose records follow from their offsets, so that it needs no memory. */
  private final class EndlessLog implements LiveLog, ReplayLog, Catalog {
    final ExecutorService replays = Executors.newFixedThreadPool(2);
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Map<Partition, Long> reading = new ConcurrentHashMap<>();
    volatile boolean stopped;

    void run(LiveLog.Listener listener) {
      while (!stopped) {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
        boolean any = false;
        for (Partition partition : List.copyOf(reading.keySet())) {
          long from = reading.getOrDefault(partition, 0L);
          long to =
              Math.min(RECORDS / PARTITIONS, from + 1 + ThreadLocalRandom.current().nextInt(40));
          if (to > from) {
            any = true;
            reading.put(partition, to);
            listener.onBatch(batch(partition, from, to));
          }
        }
        listener.onPollCompleted();
        if (!any) {
          Thread.yield();
        }
      }
    }

    private Batch batch(Partition partition, long from, long to) {
      List<LogRecord> records = new ArrayList<>();
      for (long offset = from; offset < to; offset++) {
        byte[] value = (partition.number() + ":" + offset).getBytes(StandardCharsets.UTF_8);
        records.add(new LogRecord(partition, offset, 0, null, List.of(), ByteBuffer.wrap(value)));
      }
      return new Batch(partition, from, to, records);
    }

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public void read(Partition partition, long from) {
      reading.put(partition, from);
    }

    @Override
    public void stop(Partition partition) {
      reading.remove(partition);
    }

    @Override
    public int parallelism() {
      return 2;
    }

    @Override
    public void read(Request request, Handler handler) {
      replays.execute(() ->
          guarded(() ->
              handler.onBatch(
                  batch(
                      request.partition(),
                      request.from(),
                      Math.min(request.until(), request.from() + 500)))));
    }

    @Override
    public CompletionStage<Topic> topic(String name) {
      return CompletableFuture.completedFuture(new Topic(name, new TopicId("id"), PARTITIONS));
    }

    @Override
    public CompletionStage<Map<String, TopicId>> ids() {
      return CompletableFuture.completedFuture(Map.of("t", new TopicId("id")));
    }

    @Override
    public CompletionStage<List<Topic>> topics() {
      return topic("t").thenApply(List::of);
    }

    @Override
    public Partition partitionOf(RecordKey key, Topic topic) {
      return new Partition(topic.name(), Math.floorMod(key.hashCode(), topic.partitionCount()));
    }

    @Override
    public CompletionStage<Map<Partition, Long>> heads(Collection<Partition> partitions) {
      return oldest(partitions);
    }

    @Override
    public CompletionStage<Map<Partition, Long>> oldest(Collection<Partition> partitions) {
      Map<Partition, Long> zero = new HashMap<>();
      partitions.forEach(partition -> zero.put(partition, 0L));
      return CompletableFuture.completedFuture(zero);
    }

    @Override
    public CompletionStage<Map<Partition, OptionalLong>> firstSince(
        long timestamp, Collection<Partition> partitions) {
      Map<Partition, OptionalLong> none = new HashMap<>();
      partitions.forEach(partition -> none.put(partition, OptionalLong.empty()));
      return CompletableFuture.completedFuture(none);
    }

    @Override
    public void watch(Topic topic) {}

    @Override
    public void unwatch(Topic topic) {}

    @Override
    public void addListener(Catalog.Listener listener) {}
  }
}
