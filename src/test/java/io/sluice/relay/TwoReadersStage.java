package io.sluice.relay;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.log.Isolation;
import io.sluice.log.Partition;
import io.sluice.log.ReadableLog;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import io.sluice.testing.FakeLog;
import io.sluice.testing.ManualExecutor;
import io.sluice.testing.ManualTimer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * A relay with a reader for each isolation, both on the same topics: what happens to one is told to
 * both, and each carries it out when the test lets it. Their records are not the same, so that
 * whatever crosses over is noticed.
 */
final class TwoReadersStage {
  final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false, true);
  final ManualExecutor executor = new ManualExecutor();
  final Relay relay;
  final LoopRelay loop;
  long now;

  private final Map<Isolation, FakeLog> logs = new EnumMap<>(Isolation.class);
  private final Map<Isolation, Written> written = new EnumMap<>(Isolation.class);
  private final ManualTimer timer = new ManualTimer(executor, () -> now);

  TwoReadersStage(RelaySettings settings) {
    Map<Isolation, ReadableLog> readable = new EnumMap<>(Isolation.class);
    for (Isolation isolation : Isolation.values()) {
      FakeLog log = new FakeLog(2);
      logs.put(isolation, log);
      written.put(isolation, new Written());
      readable.put(isolation, new ReadableLog(log, log, log));
    }
    relay =
        new Relay(settings, readable, (number, form) -> new TextEncoder(number), () -> now, alloc);
    logs.forEach((isolation, log) -> log.start(relay.liveListener(isolation)));
    loop = relay.loop(executor, timer::after);
  }

  FakeLog log(Isolation isolation) {
    return Objects.requireNonNull(logs.get(isolation));
  }

  Written written(Isolation isolation) {
    return Objects.requireNonNull(written.get(isolation));
  }

  boolean exists(String topic) {
    return log(Isolation.READ_COMMITTED).exists(topic);
  }

  Topic topic(String name) {
    return log(Isolation.READ_COMMITTED).now(name);
  }

  void create(String name, int partitions) {
    both((log, records) -> records.topicIs(name, log.create(name, partitions).id()));
  }

  void addPartitions(String name, int partitions) {
    both((log, records) -> log.addPartitions(name, partitions));
  }

  void recreate(String name, int partitions) {
    both((log, records) -> records.topicIs(name, log.recreate(name, partitions).id()));
  }

  void delete(String name) {
    both((log, records) -> log.delete(name));
  }

  private void both(BiConsumer<FakeLog, Written> action) {
    logs.forEach((isolation, log) -> action.accept(log, written(isolation)));
  }

  /** Writes a record of {@code size} characters or a little more, which one isolation sees. */
  void write(Isolation isolation, Partition partition, int size) {
    FakeLog log = log(isolation);
    TopicId id = log.now(partition.topic()).id();
    String value = Written.value(id, isolation.name(), partition, log.head(partition), size);
    written(isolation).add(id, partition, log.append(partition, value), value);
  }

  FakeClient subscribe(
      SocketCursors cursors, FakeSocket socket, Selection selection, From from, Overflow overflow) {
    FakeClient client = new FakeClient(socket, written(selection.isolation()), selection);
    client.asks(from);
    cursors.subscribe(new SubscribeRequest(selection, Stage.FORM, from, overflow), client);
    return client;
  }

  void pass(Duration time) {
    now += time.toNanos();
    timer.ring();
  }

  /** One poll of each, and all that follows. */
  void poll() {
    logs.values().forEach(log -> log.poll(1000));
    settle();
  }

  void settle() {
    boolean any = true;
    while (any) {
      any = executor.runAll();
      for (FakeLog log : logs.values()) {
        any |= log.reader.runAll() | log.answers.runAll() | log.runRead();
      }
    }
  }

  /** Bytes that nobody has released. */
  long leaked() {
    relay.releaseSpares();
    return alloc.metric().usedHeapMemory() + alloc.metric().usedDirectMemory();
  }
}
