package io.sluice.relay;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.log.Isolation;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.RecordKey;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import io.sluice.log.TopicPattern;
import io.sluice.testing.FakeLog;
import io.sluice.testing.ManualExecutor;
import io.sluice.testing.ManualTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A relay on a log in memory, with event loops, sockets and a clock that the test moves. */
final class Stage {
  static final FeedForm FORM = new FeedForm(WireFormat.JSON, ValueForm.AUTO);
  static final FeedForm OTHER_FORM = new FeedForm(WireFormat.JSON, ValueForm.TEXT);

  final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false, true);
  final FakeLog log;
  final Relay relay;
  final List<ManualExecutor> executors = new ArrayList<>();
  final List<ManualTimer> timers = new ArrayList<>();
  final List<LoopRelay> loops = new ArrayList<>();
  final Written written = new Written();
  long now;

  /** What encoding a record throws, while it is set. */
  @Nullable Error failEncoding;

  /** The subscription of which no gap can be encoded; 0 where all can. */
  long failGapsOf;

  Stage(RelaySettings settings, int loopCount) {
    this(settings, loopCount, 2);
  }

  Stage(RelaySettings settings, int loopCount, int parallelism) {
    log = new FakeLog(parallelism);
    relay =
        new Relay(
            settings,
            log.readable(),
            (subscription, form) ->
                new TextEncoder(subscription, this::failEncoding, () -> failGaps(subscription)),
            () -> now,
            alloc);
    log.start(relay.liveListener(Isolation.READ_COMMITTED));
    for (int i = 0; i < loopCount; i++) {
      ManualExecutor executor = new ManualExecutor();
      executors.add(executor);
      ManualTimer timer = new ManualTimer(executor, () -> now);
      timers.add(timer);
      loops.add(relay.loop(executor, timer::after));
    }
  }

  /** Limits that tests reach: a window of 4 KiB, 256 B a batch, 600 B a slice. */
  static RelaySettings small() {
    return settings(8 * 1024, 4 * 1024, 256, 2 * 1024);
  }

  static RelaySettings settings(long window, long feedWindow, int batch, long cache) {
    return new RelaySettings(
        window,
        feedWindow,
        10,
        Duration.ofSeconds(30),
        batch,
        4 * batch,
        1000,
        600,
        cache,
        1 << 30,
        1 << 30,
        5);
  }

  static SubscribeRequest request(String topic, From from, Overflow overflow) {
    return request(topic, from, overflow, Flow.FREE);
  }

  static SubscribeRequest request(String topic, From from, Overflow overflow, Flow flow) {
    return new SubscribeRequest(Selection.of(topic), FORM, from, overflow, flow);
  }

  static Flow credit(long records) {
    return new Flow(OptionalLong.of(records), OptionalDouble.empty());
  }

  static Flow rate(double perSecond) {
    return new Flow(OptionalLong.empty(), OptionalDouble.of(perSecond));
  }

  /** The records of {@code topic} with that key. */
  static Selection keyed(String topic, String key, boolean keyPartitioned) {
    return new Selection(new Topics.Named(List.of(topic)), RecordKey.of(key), keyPartitioned);
  }

  static Selection glob(String pattern) {
    return new Selection(new Topics.Matching(TopicPattern.of(pattern)), null, false);
  }

  static Partition partition(int number) {
    return new Partition("t", number);
  }

  static From at(long... offsets) {
    Map<Partition, Long> positions = new HashMap<>();
    for (int i = 0; i < offsets.length; i++) {
      positions.put(partition(i), offsets[i]);
    }
    return new From.At(new Positions(positions), Map.of());
  }

  Topic topic(int partitions) {
    return create("t", partitions);
  }

  Topic create(String name, int partitions) {
    Topic topic = log.create(name, partitions);
    written.topicIs(name, topic.id());
    return topic;
  }

  void recreate(String name, int partitions) {
    written.topicIs(name, log.recreate(name, partitions).id());
  }

  /** Writes a record of {@code size} characters or a little more. */
  long write(int partition, int size) {
    return write(partition(partition), null, size);
  }

  /** Writes one with a key, in whichever partition. */
  long write(Partition partition, @Nullable String key, int size) {
    return write(partition, key, size, 0L);
  }

  /** The same, with a timestamp. */
  long write(int partition, int size, long timestamp) {
    return write(partition(partition), null, size, timestamp);
  }

  long write(Partition partition, @Nullable String key, int size, long timestamp) {
    TopicId topic = written.topic(partition.topic());
    String value = Written.value(topic, key, partition, log.head(partition), size);
    long offset = log.append(partition, key, value, timestamp);
    written.add(topic, partition, offset, value);
    return offset;
  }

  /** Writes one in the partition in which the default partitioner puts {@code key}. */
  Partition writeKeyed(String topic, String key, int size) {
    return writeKeyed(topic, key, size, 0L);
  }

  /** The same, with a timestamp. */
  Partition writeKeyed(String topic, String key, int size, long timestamp) {
    Partition partition = log.partitionOf(RecordKey.of(key), log.now(topic));
    write(partition, key, size, timestamp);
    return partition;
  }

  /** Retention takes what lies below {@code offset}. */
  void deleteBefore(Partition partition, long offset) {
    log.deleteBefore(partition, offset);
    written.lost(written.topic(partition.topic()), partition, log.oldestOf(partition));
  }

  void write(int partition, int size, int count) {
    for (int i = 0; i < count; i++) {
      write(partition, size);
    }
  }

  /** Writes and polls record by record, so that each has a frame of its own. */
  void publish(int partition, int size, int count) {
    for (int i = 0; i < count; i++) {
      write(partition, size);
      log.poll(1000);
    }
  }

  FakeSocket socket() {
    return new FakeSocket(alloc);
  }

  /** A client on a socket of its own, on the first loop, when all has come to rest. */
  FakeClient subscribe(From from, Overflow overflow) {
    FakeSocket socket = socket();
    return subscribe(open(socket), socket, request("t", from, overflow));
  }

  /** The same, with a request of its own. */
  FakeClient subscribe(SubscribeRequest request) {
    FakeSocket socket = socket();
    return subscribe(open(socket), socket, request);
  }

  /** The same, with a flow. */
  FakeClient subscribe(From from, Overflow overflow, Flow flow) {
    FakeSocket socket = socket();
    return subscribe(open(socket), socket, request("t", from, overflow, flow));
  }

  /** The same to {@code selection}. */
  FakeClient subscribe(Selection selection, From from) {
    FakeSocket socket = socket();
    return subscribe(
        open(socket),
        socket,
        new SubscribeRequest(selection, FORM, from, Overflow.REPLAY, Flow.FREE));
  }

  FakeClient subscribe(SocketCursors cursors, FakeSocket socket, SubscribeRequest request) {
    FakeClient client = new FakeClient(socket, written, request.selection());
    client.expect(request.flow(), () -> now);
    client.asks(request.from());
    cursors.subscribe(request, client);
    settle();
    return client;
  }

  SocketCursors open(FakeSocket socket) {
    return loops.getFirst().open(socket, "somebody");
  }

  /** Runs everything but polls and the clock until nothing is left. */
  void settle() {
    boolean any = true;
    while (any) {
      any = log.reader.runAll() | log.answers.runAll() | log.runRead();
      for (ManualExecutor executor : executors) {
        any |= executor.runAll();
      }
    }
  }

  /** One poll, and all that follows from it. */
  void poll() {
    log.poll(1000);
    settle();
  }

  private void failEncoding() {
    if (failEncoding != null) {
      throw failEncoding;
    }
  }

  private void failGaps(long subscription) {
    if (subscription == failGapsOf) {
      throw new IllegalStateException("The test says so.");
    }
  }

  /** Lets time pass; what was due then waits for its loop. */
  void pass(Duration time) {
    now += time.toNanos();
    timers.forEach(ManualTimer::ring);
  }

  /** Lets time pass a little at a time, with all that follows. */
  void passInSteps(Duration time, Duration step) {
    for (long end = now + time.toNanos(); now < end; ) {
      pass(step);
      settle();
    }
  }

  /** Bytes that nobody has released. */
  long leaked() {
    relay.releaseSpares();
    return alloc.metric().usedHeapMemory() + alloc.metric().usedDirectMemory();
  }
}
