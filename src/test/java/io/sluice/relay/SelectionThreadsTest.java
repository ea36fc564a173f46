package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.Isolation;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.ReadableLog;
import io.sluice.log.RecordKey;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import io.sluice.log.TopicPattern;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Keys, several topics and topics that come, grow and go, with real threads: one reader, two event
 * loops, two replay threads.
 */
class SelectionThreadsTest {
  private static final long RECORDS = 5_000;
  private static final int SOCKETS = 20;

  private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false, true);
  private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
  private final EndlessTopics log = new EndlessTopics(RECORDS, this::guarded);
  private final List<Client> clients = new CopyOnWriteArrayList<>();
  private final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(80);

  @Test
  @Timeout(100)
  void everyRecordThatIsAskedForComesOnceInOrderWhateverTopicsDo() throws InterruptedException {
    log.create("t", 2, 0);
    log.create("g.0", 1, 2_000);
    RelaySettings settings =
        new RelaySettings(
            200_000, 60_000, 60, Duration.ZERO, 4096, 16_384, 1000, 8192, 50_000, 1L << 40, 1L << 40, 50);
    // Twenty times as fast: topics that come are seen after a quarter of a second.
    Relay relay =
        new Relay(
            settings,
            Map.of(Isolation.READ_COMMITTED, new ReadableLog(log, log, log)),
            (s, f) -> new TextEncoder(s),
            () -> 20 * System.nanoTime(),
            alloc);
    List<ExecutorService> loops = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
      loops.add(executor);
      LoopRelay loop =
          relay.loop(
              task -> executor.execute(() -> guarded(task)),
              (nanos, task) ->
                  executor.schedule(() -> guarded(task), nanos / 20, TimeUnit.NANOSECONDS));
      executor.execute(() -> {
        for (int k = 0; k < SOCKETS / 2; k++) {
          clients.add(new Client(executor, loop, k));
        }
      });
    }
    Thread reader = Thread.ofPlatform().start(() -> guarded(() -> log.run(relay.liveListener(Isolation.READ_COMMITTED))));

    log.create("g.1", 2, 1_500);
    await(() -> glob().hasSome("g.1"));
    log.grow("t", 4);
    log.create("g.2", 1, 0);
    log.grow("g.1", 3);
    await(() -> glob().hasSome("g.2"));
    log.delete("g.0");
    log.create("g.3", 1, 2_500);
    await(() -> glob().hasSome("g.3"));
    log.create("g.0", 2, 1_200);
    await(() -> clients.size() == SOCKETS && clients.stream().allMatch(Client::isDone));
    for (Client client : List.copyOf(clients)) {
      client.executor.execute(() -> client.cursors.close());
    }
    await(() -> relay.counters().feeds() == 0);
    log.stopped = true;
    reader.join();
    log.replays.close();
    loops.forEach(ExecutorService::close);
    relay.releaseSpares();
    assertThat(broken.get()).isNull();
    assertThat(relay.counters().replaysShared()).isPositive();
    assertThat(alloc.metric().usedHeapMemory()).isZero();
  }

  private Client glob() {
    return clients.stream()
        .filter(client -> client.selection.topics() instanceof Topics.Matching)
        .filter(client -> client.key == null)
        .findFirst()
        .orElseGet(() -> clients.getFirst());
  }

  private void await(BooleanSupplier condition) throws InterruptedException {
    while (clients.isEmpty() || !condition.getAsBoolean()) {
      if (broken.get() != null || System.nanoTime() > deadline) {
        throw new AssertionError(
            clients.stream().filter(client -> !client.isDone()).limit(3).toList().toString(),
            broken.get());
      }
      TimeUnit.MILLISECONDS.sleep(5); // a condition with a deadline
    }
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      broken.compareAndSet(null, e);
      throw e;
    }
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

  /** Takes some writes, stands until its loop comes round, and checks each offset. */
  private final class Client implements Outlet, SubscriptionListener {
    final ExecutorService executor;
    final SocketCursors cursors;
    final Selection selection;
    final @Nullable String key;
    private final Map<Partition, Long> next = new ConcurrentHashMap<>();
    private final Map<Partition, String> ids = new ConcurrentHashMap<>();
    private boolean clear = true;

    Client(ExecutorService executor, LoopRelay loop, int number) {
      this.executor = executor;
      this.selection = selection(number);
      this.key = selection.key() == null ? null : "k" + number % EndlessTopics.KEYS;
      this.cursors = loop.open(this, "owner" + number % 3);
      From from = number % 4 < 2 ? new From.Latest() : new From.Earliest();
      cursors.subscribe(
          new SubscribeRequest(selection, Stage.FORM, from, Overflow.REPLAY), this);
    }

    boolean hasSome(String topic) {
      return next.keySet().stream().anyMatch(each -> each.topic().equals(topic));
    }

    boolean isDone() {
      for (Topic topic : log.all()) {
        if (selection.topics().include(topic.name())) {
          for (Partition partition : topic.partitions()) {
            if (next.getOrDefault(partition, 0L) < RECORDS - EndlessTopics.KEYS
                || !topic.id().value().equals(ids.get(partition))) {
              return false;
            }
          }
        }
      }
      return true;
    }

    @Override
    public boolean isClear() {
      return clear;
    }

    @Override
    public void write(ByteBuf frames) {
      while (frames.isReadable()) {
        String frame = frames.readCharSequence(frames.readInt(), StandardCharsets.UTF_8).toString();
        String body = frame.substring(frame.indexOf('[') + 1, frame.length() - 1);
        if (frame.charAt(0) == 'G') {
          String[] part = body.split("/");
          onGap(
              new Gap(
                  new Partition(part[0], Integer.parseInt(part[1])),
                  Long.parseLong(part[2]),
                  Long.parseLong(part[3]),
                  GapReason.valueOf(part[4])));
        } else {
          for (String element : body.split(",")) {
            take(element);
          }
        }
      }
      frames.release();
      if (ThreadLocalRandom.current().nextInt(4) == 0) {
        clear = false;
        int rounds = ThreadLocalRandom.current().nextInt(50);
        executor.execute(() -> guarded(() -> stand(rounds)));
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
      String[] value = element.substring(element.indexOf('=') + 1).split(":");
      Partition partition = new Partition(part[0], Integer.parseInt(part[1]));
      long offset = Long.parseLong(part[2]);
      String known = ids.putIfAbsent(partition, value[0]);
      long due = due(next.getOrDefault(partition, 0L));
      if (offset != due
          || !value[1].equals("" + offset)
          || known != null && !known.equals(value[0])) {
        throw new AssertionError(this + " got " + element + " where " + due + " was due");
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
      next.putAll(positions.byPartition());
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
    public void onScanned(Positions positions) {
      positions.byPartition().forEach((partition, position) -> {
        if (due(next.getOrDefault(partition, 0L)) < position) {
          throw new AssertionError(this + " was told of " + partition + "@" + position);
        }
      });
    }

    @Override
    public void onEnded(Ending ending, Positions positions) {
      throw new AssertionError(ending);
    }

    @Override
    public String toString() {
      return selection + " at " + next;
    }
  }
}
